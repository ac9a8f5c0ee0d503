import type { InferenceRequest, JsonSchema, Message } from 'millrace';
import { type OpenAIOptions, openai } from 'millrace/openai';
import { lastValueFrom, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chatAnswer, chatChunk } from '../../support/chat-chunks.ts';
import { ChatServer } from '../../support/chat-server.ts';

const messages = [{ role: 'user', content: 'x' }] as const;
const weather = { name: 'weather', description: 'Tells it', parameters: { type: 'object' } } as const;

let server: ChatServer;
beforeAll(async () => {
  server = await ChatServer.open({});
});
afterAll(() => server.close());

/** The body that goes out for a request. */
const bodyOf = async (fields: Partial<InferenceRequest>, options: Partial<OpenAIOptions> = {}) => {
  server.reply = () => ({ chunks: chatAnswer(['Hi']) });
  await lastValueFrom(openai({ model: 'm', baseURL: server.url, ...options }).infer({ id: 'r', messages, ...fields }));
  return server.last.body;
};

describe('a request to a server', () => {
  it('asks for a stream with its usage, and for nothing that was not wanted', async () => {
    expect(await bodyOf({ priority: 5 })).toEqual({
      model: 'm',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(server.last.path).toBe('/v1/chat/completions');
  });

  it('carries all of the sampling', async () => {
    const sampling = { temperature: 0, topP: 0.5, seed: 3, maxTokens: 9, stop: ['\n', 'END'] };
    expect(await bodyOf(sampling)).toMatchObject({
      temperature: 0,
      top_p: 0.5,
      seed: 3,
      max_tokens: 9,
      stop: ['\n', 'END'],
    });
  });

  it('names the limit of tokens as it is told to', async () => {
    const body = await bodyOf({ maxTokens: 9 }, { maxTokensField: 'max_completion_tokens' });
    expect(body).toMatchObject({ max_completion_tokens: 9 });
    expect(body).not.toHaveProperty('max_tokens');
  });

  it('carries `topK` and `minP` where the server knows them', async () => {
    const extraSampling = ['topK', 'minP'] as const;
    expect(await bodyOf({ topK: 4, minP: 0.1 }, { extraSampling })).toMatchObject({ top_k: 4, min_p: 0.1 });
  });

  it.each([{ topK: 4 }, { minP: 0.1 }, { frequencyPenalty: 1 }, { topP: 7 }, { toolChoice: 'required' as const }])(
    'is refused with %j',
    async (fields) => {
      const before = server.requests.length;
      await expect(bodyOf(fields)).rejects.toMatchObject({ name: 'BackendError', retryable: false });
      expect(server.requests.length).toBe(before);
    },
  );

  it('carries further fields, which come before ours', async () => {
    const body = await bodyOf(
      { temperature: 1 },
      { body: { reasoning_effort: 'low', temperature: 0.3, stream_options: undefined } },
    );
    expect(body).toMatchObject({ reasoning_effort: 'low', temperature: 0.3 });
    expect(body).not.toHaveProperty('stream_options');
  });

  it('carries tools and the choice of one', async () => {
    expect(await bodyOf({ tools: [weather], toolChoice: { name: 'weather' } })).toMatchObject({
      tools: [{ type: 'function', function: weather }],
      tool_choice: { type: 'function', function: { name: 'weather' } },
    });
    expect(await bodyOf({ tools: [weather], toolChoice: 'required' })).toMatchObject({ tool_choice: 'required' });
    const bare = await bodyOf({ tools: [], toolChoice: 'none' });
    expect(bare).not.toHaveProperty('tools');
    expect(bare).not.toHaveProperty('tool_choice');
  });

  it('carries calls and their results', async () => {
    const conversation: Message[] = [
      { role: 'system', content: 's' },
      ...messages,
      { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'weather', arguments: { city: 'Oslo' } }] },
      { role: 'tool', content: 'rain', toolCallId: 'c1' },
      { role: 'assistant', content: 'It rains.' },
    ];
    expect((await bodyOf({ messages: conversation })).messages).toEqual([
      { role: 'system', content: 's' },
      ...messages,
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'rain' },
      { role: 'assistant', content: 'It rains.' },
    ]);
  });
});

describe('tool names that OpenAI forbids', () => {
  const long = `${'x'.repeat(80)}.y`;
  const names = ['calendar.add', 'calendar add', 'calendar_add', long, '天気'];
  const tools = names.map((name) => ({ ...weather, name }));

  it('go out as others, each as one of its own, wherever they stand', async () => {
    const call = { id: 'c', name: 'calendar.add', arguments: {} };
    const before: Message[] = [
      ...messages,
      { role: 'assistant', content: '', toolCalls: [call, { ...call, id: 'd', name: 'gone.away' }] },
      { role: 'tool', content: '1', toolCallId: 'c' },
      { role: 'tool', content: '1', toolCallId: 'd' },
    ];
    const body = await bodyOf({ tools, toolChoice: { name: 'calendar add' }, messages: before });
    const sent: string[] = body.tools.map((tool: { function: { name: string } }) => tool.function.name);
    for (const name of sent) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(new Set(sent).size).toBe(names.length);
    expect(sent[2]).toBe('calendar_add');
    expect(body.tool_choice.function.name).toBe(sent[1]);
    expect(body.messages[1].tool_calls[0].function.name).toBe(sent[0]);
    expect(sent).not.toContain(body.messages[1].tool_calls[1].function.name);
  });

  it.each(names)('come back as they were: %s', async (name) => {
    server.reply = ({ body }) => ({
      chunks: [
        chatChunk({
          tool_calls: [
            { index: 0, id: 'c1', function: { name: body.tools[names.indexOf(name)].function.name, arguments: '{}' } },
          ],
        }),
        chatChunk({}, 'tool_calls'),
      ],
    });
    const events = await lastValueFrom(
      openai({ model: 'm', baseURL: server.url }).infer({ id: 'r', messages, tools }).pipe(toArray()),
    );
    expect(events).toMatchObject([
      { type: 'tool-call-delta', tool: name, arguments: '{}' },
      { type: 'tool-call', call: { id: 'c1', name, arguments: {} } },
      { type: 'finish', reason: 'tool-calls' },
    ]);
  });
});

describe('a schema', () => {
  const person = {
    type: 'object',
    properties: { name: { type: 'string' } },
    required: ['name'],
    additionalProperties: false,
  } as const satisfies JsonSchema;

  it('goes out as the format of the answer, and in words for servers that show it to no model', async () => {
    const body = await bodyOf({ schema: person });
    expect(body.response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'answer', schema: person, strict: true },
    });
    expect(body.messages[0]).toMatchObject({
      role: 'system',
      content: expect.stringContaining(JSON.stringify(person)),
    });
    const silent = await bodyOf({ schema: person }, { schemas: 'response-format' });
    expect(silent.messages).toEqual(messages);
    const worded = await bodyOf({ schema: person }, { schemas: 'prompt' });
    expect(worded).not.toHaveProperty('response_format');
    expect(worded.messages).toHaveLength(2);
  });

  it('that is beyond the strict mode of OpenAI is not claimed to be within', async () => {
    const loose = { type: 'object', properties: { name: { type: 'string', minLength: 2 } } };
    expect((await bodyOf({ schema: loose })).response_format.json_schema.strict).toBe(false);
  });

  it('whose root is no object goes out as the property of one', async () => {
    const list = { type: 'array', items: { $ref: '#/$defs/name' }, $defs: { name: { type: 'string' } } };
    expect((await bodyOf({ schema: list })).response_format.json_schema).toEqual({
      name: 'answer',
      strict: true,
      schema: {
        type: 'object',
        properties: { answer: { type: 'array', items: { $ref: '#/$defs/name' } } },
        required: ['answer'],
        additionalProperties: false,
        $defs: list.$defs,
      },
    });
  });

  it('that cannot be moved into an object goes out in words', async () => {
    const tree = { type: 'array', items: { $ref: '#' } };
    const body = await bodyOf({ schema: tree }, { schemas: 'response-format' });
    expect(body).not.toHaveProperty('response_format');
    expect(body.messages[0].content).toContain(JSON.stringify(tree));
  });

  it('is promised by OpenAI alone, as far as its strict mode goes', () => {
    const cloud = openai({ model: 'gpt-test', apiKey: 'key-of-nobody' });
    const azure = openai({
      model: 'gpt-test',
      baseURL: 'https://mine.openai.azure.com/openai/v1',
      apiKey: 'key-of-nobody',
    });
    expect(cloud.unenforced(person)).toEqual([]);
    expect(azure.unenforced({ enum: ['a'], type: 'string' })).toEqual([]);
    expect(cloud.unenforced({ ...person, required: [], minProperties: 1 })).toEqual(['minProperties', 'required']);
    expect(openai({ model: 'm', baseURL: 'https://evilopenai.com/v1' }).unenforced(person)).not.toEqual([]);
    expect(openai({ model: 'm', baseURL: server.url }).unenforced(true)).not.toEqual([]);
    expect(openai({ model: 'm', apiKey: 'key-of-nobody', schemas: 'prompt' }).unenforced(person)).not.toEqual([]);
  });
});

describe('openai is refused with', () => {
  it.each<[string, unknown, RegExp]>([
    ['no options', undefined, /Expected the options of openai to be an object with a `model`, received undefined/],
    ['no model', {}, /Expected `model` to be the name of a model/],
    ['a misspelt option', { model: 'm', baseUrl: 'x' }, /received `baseUrl`/],
    ['a path for a URL', { model: 'm', baseURL: '/v1' }, /Expected `baseURL` to be a URL such as/],
    [
      'a password in the URL',
      { model: 'm', baseURL: 'http://me:secret@host/v1' },
      /without a password, received something else$/,
    ],
    ['an empty key', { model: 'm', apiKey: '' }, /Expected `apiKey`/],
    ['half a client', { model: 'm', client: {} }, /Expected `client`/],
    ['a client and a key', { model: 'm', client: { chat: { completions: { create() {} } } }, apiKey: 'k' }, /both/],
    ['no time', { model: 'm', timeout: 0 }, /Expected `timeout`/],
    ['an unknown way', { model: 'm', schemas: 'json' }, /one of response-format, prompt, both/],
    ['an unknown field', { model: 'm', maxTokensField: 'tokens' }, /Expected `maxTokensField`/],
    [
      'unknown sampling',
      { model: 'm', extraSampling: ['top_k'] },
      /Expected `extraSampling` to be a list of 'topK' and 'minP'/,
    ],
    ['headers that are no texts', { model: 'm', headers: { a: 1 } }, /Expected `headers`/],
    [
      'messages of its own',
      { model: 'm', body: { messages: [] } },
      /Expected `body` to be an object without `messages`/,
    ],
  ])('%s', (_, options, message) => {
    expect(() => openai(options as OpenAIOptions)).toThrow(message);
  });
});
