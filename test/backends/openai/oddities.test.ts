import { setTimeout } from 'node:timers/promises';
import type { FinishEvent, InferenceEvent, Message } from 'millrace';
import { openai } from 'millrace/openai';
import { lastValueFrom, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chatChunk, chatUsage } from '../../support/chat-chunks.ts';
import { type ChatReply, ChatServer } from '../../support/chat-server.ts';

let server: ChatServer;
beforeAll(async () => {
  server = await ChatServer.open({});
});
afterAll(() => server.close());

const ask = (
  reply: ChatReply,
  messages: readonly Message[] = [{ role: 'user', content: 'x' }],
): Promise<InferenceEvent[]> => {
  server.reply = () => reply;
  return lastValueFrom(openai({ model: 'm', baseURL: server.url }).infer({ id: 'r', messages }).pipe(toArray()));
};

const finishOf = (events: readonly InferenceEvent[]) => events.at(-1) as FinishEvent;

const textIn = (events: readonly InferenceEvent[]) =>
  events.map((event) => (event.type === 'token' ? event.text : '')).join('');

const stop = chatChunk({}, 'stop');

describe('what is odd but harmless', () => {
  const hello = [chatChunk({ content: 'Hel' }), chatChunk({ content: 'lo' })];

  it.each<[string, ChatReply]>([
    ['choices that are missing, empty or null', { chunks: [{}, { choices: [] }, { choices: null }, ...hello, stop] }],
    [
      'deltas that are null or missing',
      { chunks: [{ choices: [{ delta: null }] }, { choices: [{}] }, ...hello, stop] },
    ],
    [
      'a role in every chunk',
      {
        chunks: ['Hel', 'lo', ''].map((content) =>
          chatChunk({ role: 'assistant', content }, content === '' ? 'stop' : null),
        ),
      },
    ],
    [
      'content that is null',
      { chunks: [chatChunk({ content: null, tool_calls: null, refusal: null }), ...hello, stop] },
    ],
    ['comments, retries and ids', { chunks: [': ping\n\n', 'retry: 5\n\n', 'id: 7\n', ...hello, ':\n\n', stop] }],
    ['another choice beside ours', { chunks: [...hello, { choices: [{ index: 1, delta: { content: 'no' } }] }, stop] }],
    ['a finish beside the last words', { chunks: [hello[0] as object, chatChunk({ content: 'lo' }, 'stop')] }],
    ['no `[DONE]`', { chunks: [...hello, stop], done: false }],
    ['an end without an empty line', { chunks: [...hello, `data: ${JSON.stringify(stop)}`], done: false }],
    ['an empty error', { chunks: [{ error: null }, ...hello, { ...stop, error: null }] }],
    ['an empty finish', { chunks: [chatChunk({ content: 'Hel' }, ''), chatChunk({ content: 'lo' }, ''), stop] }],
    ['content in parts', { chunks: [chatChunk({ content: [{ type: 'text', text: 'Hello' }, null] }), stop] }],
    [
      'an answer that is not streamed',
      {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] }),
      },
    ],
    ['silence behind the finish', { chunks: [...hello, stop], done: false, ending: 'stall' }],
    ['compression', { chunks: [...hello, stop], gzip: 'whole' }],
  ])('%s', async (_, reply) => {
    const events = await ask(reply);
    expect(textIn(events)).toBe('Hello');
    expect(finishOf(events)).toMatchObject({ reason: 'stop', messages: [{}, { role: 'assistant', content: 'Hello' }] });
  });

  it('usage that comes a while after the finish', async () => {
    async function* late() {
      yield* [...hello, stop];
      await setTimeout(100);
      yield chatUsage(2);
    }
    expect(finishOf(await ask({ chunks: late() })).usage).toEqual({ input: 7, cached: 0, output: 2 });
  });

  it.each(['stop', 'eos', 'end_turn', 'STOP', 'stop_sequence', 'unknown'])('the finish reason %s', async (word) => {
    expect(finishOf(await ask({ chunks: [...hello, chatChunk({}, word)] })).reason).toBe('stop');
  });

  it.each(['length', 'max_tokens', 'MAX_TOKENS', 'model_length', 'max_output_tokens'])(
    'the finish reason %s',
    async (word) => {
      expect(finishOf(await ask({ chunks: [...hello, chatChunk({}, word)] })).reason).toBe('length');
    },
  );

  it.each([
    { reasoning_content: 'Hmm' },
    { reasoning: 'Hmm' },
    { reasoning_text: 'Hmm' },
    { thinking: 'Hmm' },
    { reasoning: 'Hmm', reasoning_content: 'Hmm' },
    { reasoning: '', reasoning_content: 'Hmm', content: '' },
    { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hmm' }] }] },
    { content: [{ type: 'thinking', thinking: 'Hmm' }] },
  ])('reasoning as %j', async (delta) => {
    const events = await ask({ chunks: [chatChunk(delta), ...hello, stop] });
    expect(events.filter(({ type }) => type === 'reasoning')).toMatchObject([{ text: 'Hmm' }]);
    expect(textIn(events)).toBe('Hello');
  });

  it.each<[object, object]>([
    [
      { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
      { input: 5, cached: 0, output: 2 },
    ],
    [
      { prompt_tokens: 5, completion_tokens: 2, total_tokens: 17 },
      { input: 5, cached: 0, output: 12 },
    ],
    [
      { prompt_tokens: 5, completion_tokens: 2, prompt_tokens_details: null },
      { input: 5, cached: 0, output: 2 },
    ],
    [
      { prompt_tokens: 5, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 4 } },
      { input: 5, cached: 4, output: 2 },
    ],
    [
      { prompt_tokens: 5, completion_tokens: 2, prompt_cache_hit_tokens: 3 },
      { input: 5, cached: 3, output: 2 },
    ],
    [
      { prompt_tokens: 5, completion_tokens: 2, prompt_cache_hit_tokens: 9 },
      { input: 5, cached: 5, output: 2 },
    ],
    [
      { prompt_tokens: 5, completion_tokens: null },
      { input: 5, cached: 0, output: 0 },
    ],
  ])('the usage %j', async (usage, expected) => {
    expect(finishOf(await ask({ chunks: [...hello, stop, { choices: [], usage }] })).usage).toEqual(expected);
  });

  it('no usage at all', async () => {
    expect(finishOf(await ask({ chunks: [...hello, stop] })).usage).toEqual({ input: 0, cached: 0, output: 2 });
  });

  it('usage that comes again and again', async () => {
    const chunks = [chatUsage(1), ...hello, chatUsage(3), stop, chatUsage(4)];
    expect(finishOf(await ask({ chunks })).usage.output).toBe(4);
  });

  it('a character that two packets share', async () => {
    const text = `data: ${JSON.stringify(chatChunk({ content: 'Grüße 🌍' }))}\r\n\r\ndata: ${JSON.stringify(stop)}\r\n\r\n`;
    expect(textIn(await ask({ chunks: [...Buffer.from(text)].map((byte) => Uint8Array.of(byte)), done: false }))).toBe(
      'Grüße 🌍',
    );
  });
});

describe('calls of tools', () => {
  const call = (piece: object) => chatChunk({ tool_calls: [piece] });
  const end = chatChunk({}, 'tool_calls');
  const oslo = '{"city":"Oslo"}';

  const callsOf = async (chunks: readonly object[], messages?: readonly Message[]) =>
    (await ask({ chunks: [...chunks, end] }, messages)).flatMap((event) =>
      event.type === 'tool-call' ? [event.call] : [],
    );

  const one = [{ id: 'a', name: 'f', arguments: { city: 'Oslo' } }];
  const two = [...one, { id: 'b', name: 'g', arguments: { n: 1 } }];

  it.each<[string, readonly object[], readonly object[]]>([
    ['in one piece', [call({ index: 0, id: 'a', function: { name: 'f', arguments: oslo } })], one],
    ['without an index', [call({ id: 'a', function: { name: 'f', arguments: oslo } })], one],
    ['with an object', [call({ index: 0, id: 'a', function: { name: 'f', arguments: { city: 'Oslo' } } })], one],
    [
      'in pieces',
      [
        call({ index: 0, id: 'a', function: { name: 'f', arguments: '' } }),
        call({ index: 0, function: { arguments: '{"city"' } }),
        call({ index: 0, id: '', function: { name: '', arguments: ':"Oslo"}' } }),
        call({ index: 0, id: null, function: { name: null, arguments: null } }),
        call({ index: 0, function: null }),
      ],
      one,
    ],
    [
      'in pieces without an index',
      [
        call({ id: 'a', function: { name: 'f', arguments: '{"city"' } }),
        call({ function: { arguments: ':"Oslo"}' } }),
        call({ id: 'b', function: { name: 'g', arguments: '{"n"' } }),
        call({ id: 'b', function: { arguments: ':1}' } }),
      ],
      two,
    ],
    [
      'side by side',
      [
        call({ index: 0, id: 'a', function: { name: 'f', arguments: '{"city"' } }),
        call({ index: 1, id: 'b', function: { name: 'g', arguments: '{"n"' } }),
        call({ index: 0, function: { arguments: ':"Oslo"}' } }),
        call({ index: 1, function: { arguments: ':1}' } }),
      ],
      two,
    ],
    [
      'all with the index 0',
      [
        call({ index: 0, id: 'a', function: { name: 'f', arguments: oslo } }),
        call({ index: 0, id: 'b', function: { name: 'g', arguments: '{"n":1}' } }),
      ],
      two,
    ],
    [
      'all with the index 0 and pieces without an id',
      [
        call({ index: 0, id: 'a', function: { name: 'f', arguments: '{"city"' } }),
        call({ index: 0, function: { arguments: ':"Oslo"}' } }),
        call({ index: 0, id: 'b', function: { name: 'g', arguments: '{"n"' } }),
        call({ index: 0, function: { arguments: ':1}' } }),
      ],
      two,
    ],
    [
      'with an index that counts pieces',
      [
        call({ index: 0, id: 'a', function: { name: 'f', arguments: '{"city"' } }),
        call({ index: 1, id: 'a', function: { arguments: ':"Oslo"' } }),
        call({ index: 2, function: { arguments: '}' } }),
      ],
      one,
    ],
    [
      'with a name in every piece',
      [
        call({ index: 0, id: 'a', function: { name: 'f', arguments: '{"city"' } }),
        call({ index: 0, id: 'a', function: { name: 'f', arguments: ':"Oslo"}' } }),
        call({ index: 0, id: 'a', function: { name: 'f', arguments: '' } }),
      ],
      one,
    ],
    [
      'with a new id in every piece',
      [
        call({ index: 0, id: 'a', function: { name: 'f', arguments: '{"city"' } }),
        call({ index: 0, id: 'x', function: { arguments: ':"Oslo"}' } }),
      ],
      one,
    ],
    [
      'once more at the end',
      [
        call({ index: 0, id: 'a', function: { name: 'f', arguments: '{"city"' } }),
        call({ index: 0, function: { arguments: ':"Oslo"}' } }),
        call({ index: 0, id: 'a', function: { name: 'f', arguments: oslo } }),
      ],
      one,
    ],
    [
      'whose name comes late',
      [
        call({ index: 0, id: 'a' }),
        call({ index: 0, function: { arguments: '{"city"' } }),
        call({ index: 0, function: { name: 'f', arguments: ':"Oslo"}' } }),
      ],
      one,
    ],
    [
      'without arguments',
      [call({ index: 0, id: 'a', function: { name: 'f', arguments: '' } })],
      [{ id: 'a', name: 'f', arguments: {} }],
    ],
    [
      'with arguments that are null',
      [call({ index: 0, id: 'a', function: { name: 'f', arguments: 'null' } })],
      [{ id: 'a', name: 'f', arguments: {} }],
    ],
    [
      'with arguments that are missing',
      [call({ index: 0, id: 'a', function: { name: 'f' } })],
      [{ id: 'a', name: 'f', arguments: {} }],
    ],
    [
      'with arguments that are no JSON',
      [call({ index: 0, id: 'a', function: { name: 'f', arguments: '{city' } })],
      [{ id: 'a', name: 'f', arguments: '{city' }],
    ],
    [
      'as before there were tools',
      [
        chatChunk({ function_call: { name: 'f', arguments: '{"city"' } }),
        chatChunk({ function_call: { arguments: ':"Oslo"}' } }),
      ],
      [{ ...one[0], id: 'r-call-0' }],
    ],
    [
      'without ids, all with the index 0',
      [
        call({ index: 0, function: { name: 'f', arguments: oslo } }),
        call({ index: 0, function: { name: 'f', arguments: oslo } }),
      ],
      [
        { ...one[0], id: 'r-call-0' },
        { ...one[0], id: 'r-call-1' },
      ],
    ],
    [
      'with one id for all',
      [
        call({ index: 0, id: 'a', function: { name: 'f', arguments: oslo } }),
        call({ index: 1, id: 'a', function: { name: 'g', arguments: '{"n":1}' } }),
      ],
      [one[0] as object, { ...two[1], id: 'r-call-1' }],
    ],
    [
      'null beside a call',
      [chatChunk({ tool_calls: [null, { index: 0, id: 'a', function: { name: 'f', arguments: oslo } }] })],
      one,
    ],
  ])('%s', async (_, chunks, expected) => {
    expect(await callsOf(chunks)).toEqual(expected);
  });

  it('get ids that the conversation has not seen', async () => {
    const before: Message[] = [
      { role: 'user', content: 'x' },
      {
        role: 'assistant',
        content: '',
        toolCalls: [
          { id: 'a', name: 'f', arguments: {} },
          { id: 'r-call-0', name: 'f', arguments: {} },
        ],
      },
      { role: 'tool', toolCallId: 'a', content: '1' },
      { role: 'tool', toolCallId: 'r-call-0', content: '1' },
    ];
    const [found] = await callsOf([call({ index: 0, id: 'a', function: { name: 'f', arguments: oslo } })], before);
    expect(found?.id).toBe('r-call-1');
  });

  it('end the answer, whatever the finish reason says', async () => {
    const chunks = [call({ index: 0, id: 'a', function: { name: 'f', arguments: oslo } }), stop];
    expect(finishOf(await ask({ chunks })).reason).toBe('tool-calls');
  });

  it('that are cut off are none', async () => {
    const chunks = [
      call({ index: 0, id: 'a', function: { name: 'f', arguments: oslo } }),
      call({ index: 1, id: 'b', function: { name: 'g', arguments: '{"n":' } }),
      chatChunk({}, 'length'),
    ];
    const events = await ask({ chunks });
    expect(events.filter(({ type }) => type === 'tool-call')).toHaveLength(1);
    expect(finishOf(events)).toMatchObject({ reason: 'length', messages: [{}, { toolCalls: one }] });
  });
});
