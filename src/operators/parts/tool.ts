import type { Observable } from 'rxjs';
import type { Validation } from '../../runtime/schema/validation.ts';
import type { ToolCall } from '../../runtime/tool-call.ts';
import type { ToolDefinition } from '../../runtime/tool-definition.ts';

/** What a tool gets beside its arguments. */
export type ToolContext = {
  /** Aborts, at once, when the reader leaves before the tool is done. */
  readonly signal: AbortSignal;
  /** The model's own words: `call.arguments` are as it wrote them. */
  readonly call: ToolCall;
};

/**
 * Something that a model may have done, made with `tool`. What `execute` returns goes back to the model: a value, the
 * value of a promise, or the last value of an observable; a string as it is, all else as JSON.
 */
export interface Tool<Arguments = unknown> extends ToolDefinition {
  /** Whether doing it twice is as good as doing it once. */
  readonly idempotent: boolean;
  /** Checks the arguments of a call. */
  validate(value: unknown): Observable<Validation<Arguments>>;
  execute(args: Arguments, context: ToolContext): unknown;
}
