/** Turns text into a model's token ids. */
export type Tokenizer = {
  /** The ids of a text. Special tokens that stand in it as text are taken as such; none is added. */
  encode(text: string): readonly number[];
  /** The id of a token by its text, such as `<tool_call>`; `undefined` where the model has no such token. */
  idOf(token: string): number | undefined;
};
