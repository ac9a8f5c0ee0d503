import type { Backend } from './backend.ts';
import { checkBackend } from './check-backend.ts';
import { checkCount } from './check-count.ts';
import { checkOptions } from './check-options.ts';
import { checkPriority } from './check-priority.ts';
import { checkSampling, samplingOptions } from './check-sampling.ts';
import { checkTimeouts, timeoutOptions } from './check-timeouts.ts';
import type { InferOptions } from './infer-options.ts';
import type { Prompt } from './prompt.ts';
import type { RequestFields } from './request-fields.ts';
import type { Timeouts } from './timeouts.ts';

type Inference<I, Extra> = {
  readonly toPrompt: (input: I) => Prompt;
  /** What goes into every request. */
  readonly fields: RequestFields;
  readonly timeouts: Timeouts;
  readonly concurrency: number;
  /** The operator's own options. */
  readonly extra: Partial<Extra>;
};

/**
 * Reads the arguments `(toPrompt?, options?)` that operators take after the backend, and refuses misuse when the
 * operator is made. `own` names the options that are the operator's and not the request's, `atOnce` is the default of
 * `concurrency`.
 */
export const checkInference = <I, Extra extends object = object>(
  owner: string,
  backend: Backend,
  rest: readonly unknown[],
  own: readonly (keyof Extra & string)[] = [],
  atOnce = 1,
): Inference<I, Extra> => {
  checkBackend(`the backend of ${owner}`, backend);
  const [first, second] = rest;
  const toPrompt = typeof first === 'function' ? first : (input: I) => input;
  const options = (typeof first === 'function' ? second : (first ?? second)) ?? {};
  checkOptions(owner, options, [
    'concurrency',
    'priority',
    'tools',
    'toolChoice',
    'schema',
    ...timeoutOptions,
    ...samplingOptions,
    ...own,
  ]);
  const { concurrency = atOnce, ...others } = options as InferOptions & Extra;
  checkCount('concurrency', concurrency, 1);
  checkSampling(others as InferOptions);
  checkPriority((others as InferOptions).priority);
  checkTimeouts(others as InferOptions);

  const given = Object.entries(others).filter(([, value]) => value !== undefined);
  const among = (names: readonly string[]) => Object.fromEntries(given.filter(([key]) => names.includes(key)));
  return {
    toPrompt: toPrompt as (input: I) => Prompt,
    fields: Object.fromEntries(given.filter(([key]) => ![...own, ...timeoutOptions].includes(key as never))),
    timeouts: among(timeoutOptions),
    concurrency,
    extra: among(own) as Partial<Extra>,
  };
};
