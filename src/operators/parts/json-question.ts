import type { Backend } from '../../runtime/backend.ts';
import type { InferOptions } from '../../runtime/infer-options.ts';
import type { CompiledSchema } from '../../runtime/schema/compile-schema.ts';

/** A question whose answer is JSON, but for its words. */
export type JsonQuestion<T> = {
  readonly backend: Backend;
  readonly schema: CompiledSchema<T>;
  /** What goes into every request beside the schema. */
  readonly fields: Omit<InferOptions, 'concurrency' | 'schema'>;
  readonly repairs: number;
};
