import type { Backend } from '../../runtime/backend.ts';
import { checkCount } from '../../runtime/check-count.ts';
import { checkInference } from '../../runtime/check-inference.ts';
import { expected } from '../../runtime/expected.ts';
import type { InferOptions } from '../../runtime/infer-options.ts';
import type { Prompt } from '../../runtime/prompt.ts';
import type { RequestFields } from '../../runtime/request-fields.ts';
import type { Timeouts } from '../../runtime/timeouts.ts';
import type { CallToolsOptions } from './call-tools-options.ts';
import type { Tool } from './tool.ts';

type Own = Pick<CallToolsOptions, 'maxRounds' | 'repairs' | 'onToolError'>;

/** The arguments of `callTools` with their defaults. */
export type ToolLoop<I = never> = Required<Own> & {
  readonly toPrompt: (input: I) => Prompt;
  /** What goes into the first request, and what into each further one. */
  readonly requests: readonly [RequestFields, RequestFields];
  readonly timeouts: Timeouts;
  readonly concurrency: number;
};

/** Reads the arguments of `callTools`, and refuses misuse when the operator is made. */
export const checkToolLoop = <I>(backend: Backend, tools: readonly Tool[], rest: readonly unknown[]): ToolLoop<I> => {
  checkTools(tools);
  const own = ['maxRounds', 'repairs', 'onToolError'] as const;
  const { toPrompt, fields, timeouts, concurrency, extra } = checkInference<I, Own>('callTools', backend, rest, own, 4);
  const { maxRounds = 8, repairs = 1, onToolError = 'return' } = extra;
  checkCount('maxRounds', maxRounds, 1);
  checkCount('repairs', repairs, 0);
  if (onToolError !== 'return' && onToolError !== 'throw') {
    throw new TypeError(expected('`onToolError`', "'return' or 'throw'", onToolError));
  }
  if ('tools' in fields || 'schema' in fields) {
    throw new TypeError('Expected the options of callTools to be without `tools` and `schema`, received one of them');
  }

  const { toolChoice, ...others } = fields;
  checkChoice(tools, toolChoice);
  const definitions = tools.map(({ name, description, parameters }) => ({
    name,
    ...(description !== undefined && { description }),
    parameters,
  }));
  const first = { ...fields, tools: definitions };
  // A choice that forces a call would force one in every round.
  const free = toolChoice === 'auto' || toolChoice === 'none' ? first : { ...others, tools: definitions };
  return { toPrompt, requests: [first, free], timeouts, concurrency, maxRounds, repairs, onToolError };
};

const checkTools = (tools: readonly Tool[]): void => {
  if (!Array.isArray(tools) || tools.length === 0) {
    throw new TypeError(expected('the tools of callTools', 'a list of at least one tool', tools));
  }
  for (const each of tools) {
    if (typeof each?.validate !== 'function' || typeof each.execute !== 'function') {
      throw new TypeError(expected('each tool of callTools', 'made with `tool`', each));
    }
  }
  const names = tools.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new TypeError(`Expected the tools of callTools to differ in name, received ${twice} twice`);
};

const checkChoice = (tools: readonly Tool[], choice: InferOptions['toolChoice']): void => {
  const known = choice === undefined || choice === 'auto' || choice === 'none' || choice === 'required';
  if (known || tools.some(({ name }) => name === choice?.name)) return;
  throw new TypeError(expected('`toolChoice`', "'auto', 'none', 'required' or the name of a tool in the list", choice));
};
