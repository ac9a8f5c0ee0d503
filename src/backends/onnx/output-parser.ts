import type {
  InferenceEvent,
  ReasoningEvent,
  TokenEvent,
  ToolCallDeltaEvent,
  ToolCallEvent,
} from '../../runtime/inference-event.ts';

type Body<Event> = Event extends InferenceEvent ? Omit<Event, 'request' | 'attempt'> : never;

/** One thing that a parser read out of a model's text: an event without its request. */
export type ParsedEvent = Body<TokenEvent | ReasoningEvent | ToolCallDeltaEvent | ToolCallEvent>;

/** Reads what a model writes, piece by piece. One parser reads one answer. */
export interface OutputParser {
  /**
   * Special tokens of the model, such as `<tool_call>` or `</think>`, that the parser wants to see: their text stands in
   * `push` where the model wrote them. All other special tokens are left out. Defaults to none.
   */
  readonly markers?: readonly string[];
  /**
   * Takes the text that came next. It always consists of whole characters, and may be cut anywhere between two. What
   * could still become a marker is held back until it is clear.
   */
  push(text: string): readonly ParsedEvent[];
  /** The model has ended its answer: gives what was held back. */
  end(): readonly ParsedEvent[];
}
