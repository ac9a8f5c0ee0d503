import type { InferOptions } from '../../runtime/infer-options.ts';

/** What becomes of an error of a tool: the model reads it, or the workflow fails with it. */
export type OnToolError = 'return' | 'throw';

/** Settings of `callTools`: sampling, and how the tools are used. */
export type CallToolsOptions = Omit<InferOptions, 'tools' | 'schema' | 'concurrency'> & {
  /** How many requests to the model one input may take. Defaults to `8`. */
  readonly maxRounds?: number;
  /** How many calls of one turn run at once. Defaults to `4`. */
  readonly concurrency?: number;
  /** How many turns with a call that cannot be run the model may mend. Defaults to `1`. */
  readonly repairs?: number;
  /** `'return'` lets the model read the error of a tool, `'throw'` fails with it. Defaults to `'return'`. */
  readonly onToolError?: OnToolError;
};
