import type { JsonSchema } from './json-schema.ts';
import type { Message } from './message.ts';
import type { Sampling } from './sampling.ts';
import type { ToolDefinition } from './tool-definition.ts';

/** `auto` leaves it to the model, `required` makes it call a tool, `none` forbids it, a name makes it call that tool. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

/** One question to a model. A backend honours every field of it or refuses the request; it drops nothing. */
export type InferenceRequest = Sampling & {
  /** Unique within the process. Every event of the answer carries it. */
  readonly id: string;
  readonly messages: readonly Message[];
  readonly tools?: readonly ToolDefinition[];
  /** Defaults to `auto` where there are tools. */
  readonly toolChoice?: ToolChoice;
  /** The answer must be JSON that matches it. */
  readonly schema?: JsonSchema;
  /**
   * How the answer begins. The model goes on from there, and gives only what follows. For backends that say so with
   * `continues`; the others refuse it.
   */
  readonly prefix?: string;
  /** Where requests wait for one another, higher goes first. Defaults to 0. A backend that lets nothing wait has no use for it. */
  readonly priority?: number;
};
