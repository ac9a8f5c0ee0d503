import type { Backend } from '../../runtime/backend.ts';
import type { RequestFields } from '../../runtime/request-fields.ts';
import type { CompiledSchema } from '../../runtime/schema/compile-schema.ts';
import type { Timeouts } from '../../runtime/timeouts.ts';

/** A question whose answer is JSON, but for its words. */
export type JsonQuestion<T> = {
  readonly backend: Backend;
  readonly schema: CompiledSchema<T>;
  /** What goes into every request beside the schema. */
  readonly fields: Omit<RequestFields, 'schema'>;
  readonly timeouts: Timeouts;
  readonly repairs: number;
};
