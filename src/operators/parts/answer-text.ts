/** The text of an answer as it stands, of whatever passes: what is no event of a model counts for nothing. */
export class AnswerText {
  text = '';

  readonly take = (event: unknown): void => {
    const { type, text } = (event ?? {}) as { readonly type?: unknown; readonly text?: unknown };
    if (type === 'token') this.text += text;
    if (type === 'retract' || type === 'tool-result') this.text = '';
  };
}
