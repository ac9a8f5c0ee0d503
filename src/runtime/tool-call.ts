/** A model's wish to have a tool run. */
export type ToolCall = {
  /** Ties the tool's result to this call. Unique within a conversation. */
  readonly id: string;
  readonly name: string;
  /** The parsed JSON, or the model's own text where that is not JSON. */
  readonly arguments: unknown;
};
