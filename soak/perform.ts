import { chatChunk, chatUsage } from '../test/support/chat-chunks.ts';
import type { ChatReply } from '../test/support/chat-server.ts';
import type { Chance } from './chance.ts';
import { pause } from './pause.ts';
import type { Script } from './script.ts';

/** How a request has to end: well, with a failure, well or with one that passes, or not before somebody leaves. */
export type Outcome = 'well' | 'never' | 'perhaps' | { readonly retryable: boolean; readonly status?: number };

type Piece = object | string;

/** One way to answer. */
type Mishap = (chunks: readonly Piece[], chance: Chance) => { readonly reply: ChatReply; readonly outcome: Outcome };

const json = { 'content-type': 'application/json' };
const end = 'data: [DONE]\n\n';

const well = (reply: ChatReply) => ({ reply, outcome: 'well' }) as const;
const never = (reply: ChatReply) => ({ reply, outcome: 'never' }) as const;
const failing = (reply: ChatReply, retryable: boolean, status?: number) => ({
  reply,
  outcome: { retryable, ...(status !== undefined && { status }) },
});

const status =
  (code: number, retryable: boolean, headers: ChatReply['headers'] = {}): Mishap =>
  () =>
    failing(
      { status: code, headers: { ...json, ...headers }, body: '{"error":{"message":"no"}}', done: false },
      retryable,
      code,
    );

/** All but the end of an answer: at least its first chunk, and never its finish. */
const beginning = (chunks: readonly Piece[], chance: Chance): readonly Piece[] =>
  chunks.slice(0, chance.between(1, chunks.length - 2));

const broken =
  (retryable: boolean, more: readonly Piece[], reply: ChatReply = {}): Mishap =>
  (chunks, chance) =>
    failing({ chunks: [...beginning(chunks, chance), ...more], ...reply }, retryable);

async function* slowly(chunks: readonly Piece[], chance: Chance): AsyncGenerator<Piece> {
  for (const chunk of chunks) {
    await pause(chance.between(0, 25));
    yield chunk;
  }
}

const mishaps: { readonly [name: string]: Mishap } = {
  'status 400': status(400, false),
  'status 401': status(401, false),
  'status 404': status(404, false),
  'status 408': status(408, true),
  'status 409': status(409, true),
  'status 429': (chunks, chance) =>
    status(429, true, chance.of(0.5) ? { 'retry-after-ms': '15' } : { 'retry-after': '1' })(chunks, chance),
  'status 500': status(500, true),
  'status 503': status(503, true, { 'retry-after': '0' }),
  'an error at the start': () =>
    failing({ chunks: [{ error: { message: 'busy', type: 'server_error', code: 503 } }] }, true, 503),
  'an error in the middle': broken(true, [{ error: { message: 'busy', code: 'rate_limit_exceeded' } }]),
  'an error that is final': broken(false, [{ error: { message: 'no', code: 'context_length_exceeded' } }]),
  'an event of an error': broken(true, ['event: error\ndata: "out of memory"\n\n']),
  'no finish': broken(true, [], { done: false }),
  'done without a finish': broken(true, []),
  'an empty stream': () => failing({ chunks: [], done: false }, true),
  'a page of HTML': () =>
    failing({ headers: { 'content-type': 'text/html' }, body: '<html>Welcome</html>', done: false }, false),
  'broken JSON': broken(true, ['data: {"choices":[{"delta":{"content":\n\n']),
  'an event that is cut': broken(true, ['data: {"choices":[{"del'], { done: false }),
  'a cut gzip': (chunks) => failing({ chunks, gzip: 'cut' }, true),
  'a reset before the head': () => failing({ mute: true, ending: 'reset' }, true),
  'a hang-up before the head': () => failing({ mute: true, ending: 'break' }, true),
  'a reset in the middle': broken(true, [], { done: false, ending: 'reset' }),
  'a hang-up in the middle': broken(true, [], { done: false, ending: 'break' }),
  'silence before the head': () => never({ mute: true, ending: 'stall' }),
  'silence behind the head': () => never({ done: false, ending: 'stall' }),
  'silence in the middle': (chunks, chance) =>
    never({ chunks: beginning(chunks, chance), done: false, ending: 'stall' }),
  'a content filter': broken(false, [chatChunk({}, 'content_filter')]),
  'a refusal': () => failing({ chunks: [chatChunk({ refusal: 'I will not.' }), chatChunk({}, 'stop')] }, false),
  'events called JSON': (chunks) => failing({ chunks, headers: json }, true),
};

/** Odd, slow or plain ways to answer well. */
const oddities: { readonly [name: string]: Mishap } = {
  plainly: (chunks) => well({ chunks }),
  slowly: (chunks, chance) => well({ chunks: slowly(chunks, chance) }),
  compressed: (chunks) => well({ chunks, gzip: 'whole' }),
  'without an end': (chunks) => well({ chunks, done: false }),
  'called plain text': (chunks) => well({ chunks, headers: { 'content-type': 'text/plain' } }),
  'silent behind its end': (chunks) => well({ chunks, ending: 'stall' }),
  'hung up behind its finish': (chunks, chance) => ({
    reply: { chunks: slowly(chunks, chance), done: false, ending: 'break' },
    outcome: 'perhaps',
  }),
  'with comments': (chunks) => well({ chunks: [': wait\n\n', ...chunks, ': well\n\n'] }),
  'in one piece': (chunks) => well({ body: `${chunks.map(line).join('')}${end}`, done: false }),
};

const line = (chunk: Piece): string => (typeof chunk === 'string' ? chunk : `data: ${JSON.stringify(chunk)}\n\n`);

/** What a server sends for a script in one of many ways, of which a share is bad. */
export const perform = (script: Script, wrapped: boolean, ill: number, chance: Chance) => {
  const [name, mishap] = chance.pick(Object.entries(chance.of(ill) ? mishaps : oddities)) as [string, Mishap];
  return { name, ...mishap(chunksOf(script, wrapped, chance), chance) };
};

/** A first chunk, one for each word and piece of a call, the finish, the usage. Its model tells whose words they are. */
const chunksOf = ({ number, words, calls, cut }: Script, wrapped: boolean, chance: Chance): readonly Piece[] => {
  const named = (chunk: object) => ({ ...chunk, model: `model-${number}` });
  const content = wrapped ? ['{"ans', 'wer":', ...words, '}'] : words;
  const pieces = calls.flatMap(({ name, arguments: args }, index) => {
    const text = JSON.stringify(args);
    const id = chance.of(0.9) ? { id: `call-${number}-${index}` } : {};
    return [
      { index, ...id, type: 'function', function: { name, arguments: text.slice(0, 3) } },
      { index, function: { arguments: text.slice(3) } },
    ];
  });
  return [
    chatChunk({ role: 'assistant', content: '' }),
    ...content.map((word) => chatChunk({ content: word })),
    ...pieces.map((piece) => chatChunk({ tool_calls: [piece] })),
    chatChunk({}, cut ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop'),
    chatUsage(words.length),
  ].map(named);
};
