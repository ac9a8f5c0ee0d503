import { checkOptions } from '../../runtime/check-options.ts';
import { expected } from '../../runtime/expected.ts';
import type { ChatClient } from './chat-client.ts';

/** A server that speaks chat completions, and how it is asked. */
export type OpenAIOptions = {
  /** As the server names it. */
  readonly model: string;
  /** Names the backend in errors, events and `finish.served`. Defaults to `model`. */
  readonly id?: string;
  /** Where the server is, such as `http://localhost:11434/v1`. Defaults to `OPENAI_BASE_URL` of the environment, else to OpenAI. */
  readonly baseURL?: string;
  /**
   * The key, or what gives one before each request. Defaults to `OPENAI_API_KEY` of the environment, which is sent to no
   * other `baseURL` than one of OpenAI; there, a request without `apiKey` goes without one.
   */
  readonly apiKey?: string | (() => Promise<string>);
  /** Sent along with every request. */
  readonly headers?: { readonly [name: string]: string };
  /** Asks through this client, instead of one made with `baseURL`, `apiKey` and `headers`. It is never made to retry. */
  readonly client?: ChatClient;
  /** Milliseconds until the server must have begun to answer. Defaults to what `client` has, else to 300,000 with Node's `fetch`. */
  readonly timeout?: number;
  /**
   * How the server learns of a `schema`: as `response_format`; in words, as the end of the system message; or both. Defaults
   * to `response-format` at OpenAI and Azure OpenAI, which tell it to the model themselves, and to `both` elsewhere.
   */
  readonly schemas?: 'response-format' | 'prompt' | 'both';
  /** The field that `maxTokens` is sent in. Defaults to `max_completion_tokens` at OpenAI and Azure OpenAI, else to `max_tokens`. */
  readonly maxTokensField?: 'max_completion_tokens' | 'max_tokens';
  /**
   * Which of these the server knows, as `top_k` and `min_p`; a request with another is refused. Defaults to none, since
   * OpenAI knows neither. llama.cpp, vLLM and SGLang know both.
   */
  readonly extraSampling?: readonly ('topK' | 'minP')[];
  /** Further fields of every request, such as `reasoning_effort`; they come before ours, and `undefined` leaves one out. */
  readonly body?: { readonly [field: string]: unknown };
};

const ours = ['messages', 'stream', 'n'];

const isText = (value: unknown): value is string => typeof value === 'string';
const isName = (value: unknown): value is string => isText(value) && value !== '';
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Rule = readonly [wanted: string, holds: (value: unknown) => boolean];

const oneOf = (...choices: readonly string[]): Rule => [
  `one of ${choices.join(', ')}`,
  (value) => choices.includes(value as string),
];

const rules: { readonly [option in Exclude<keyof OpenAIOptions, 'client' | 'baseURL' | 'apiKey'>]-?: Rule } = {
  model: ['the name of a model', isName],
  id: ['a text that is not empty', isName],
  headers: ['an object of texts', (value) => isObject(value) && Object.values(value).every(isText)],
  timeout: ['a whole number of milliseconds, at least 1', (value) => Number.isSafeInteger(value) && Number(value) > 0],
  schemas: oneOf('response-format', 'prompt', 'both'),
  maxTokensField: oneOf('max_completion_tokens', 'max_tokens'),
  extraSampling: [
    "a list of 'topK' and 'minP'",
    (value) => Array.isArray(value) && value.every(oneOf('topK', 'minP')[1]),
  ],
  body: [
    'an object without `messages`, `stream` and `n`',
    (value) => isObject(value) && !ours.some((key) => key in value),
  ],
};

/** Refuses misuse of `openai` when the backend is made. */
export const checkOpenAI = (options: OpenAIOptions): void => {
  if (!isObject(options)) throw new TypeError(expected('the options of openai', 'an object with a `model`', options));
  checkOptions('openai', options, [...Object.keys(rules), 'client', 'baseURL', 'apiKey']);
  for (const option of Object.keys(rules) as (keyof typeof rules)[]) {
    const [wanted, holds] = rules[option];
    const value = options[option];
    if ((value !== undefined || option === 'model') && !holds(value))
      throw new TypeError(expected(`\`${option}\``, wanted, value));
  }
  checkServer(options);
};

/** What is wrong here may be a secret in the wrong place, and is not quoted. */
const checkServer = ({ client, baseURL, apiKey, headers }: OpenAIOptions): void => {
  if (client !== undefined) {
    if (typeof client?.chat?.completions?.create !== 'function')
      throw new TypeError('Expected `client` to be a client of the `openai` package, received something else');
    if (baseURL !== undefined || apiKey !== undefined || headers !== undefined)
      throw new TypeError(
        'Expected `client` without `baseURL`, `apiKey` and `headers`, received both: give these to the client',
      );
  }
  if (baseURL !== undefined && !isAddress(baseURL))
    throw new TypeError(
      "Expected `baseURL` to be a URL such as 'http://localhost:11434/v1', without a password, received something else",
    );
  if (apiKey !== undefined && !isName(apiKey) && typeof apiKey !== 'function')
    throw new TypeError('Expected `apiKey` to be a text that is not empty, or a function, received something else');
};

const isAddress = (value: unknown): boolean => {
  if (!isName(value) || !URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username + password === '';
};
