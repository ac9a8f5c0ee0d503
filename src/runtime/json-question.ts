import type { Backend } from './backend.ts';
import type { CompiledSchema } from './compile-schema.ts';
import type { InferOptions } from './infer-options.ts';

/** A question whose answer is JSON, but for its words. */
export type JsonQuestion<T> = {
  readonly backend: Backend;
  readonly schema: CompiledSchema<T>;
  /** What goes into every request beside the schema. */
  readonly fields: Omit<InferOptions, 'concurrency' | 'schema'>;
  readonly repairs: number;
};
