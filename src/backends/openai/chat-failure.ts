/** Something that went wrong in an answer, worded for the user. */
export class ChatFailure extends Error {
  readonly retryable: boolean;
  readonly status: number | undefined;
  /** The server's own words, of any length, which may repeat what is secret. */
  readonly said: string;

  constructor(
    message: string,
    facts: { readonly retryable: boolean; readonly status?: number | undefined; readonly said?: string },
  ) {
    super(message);
    this.retryable = facts.retryable;
    this.status = facts.status;
    this.said = facts.said ?? '';
  }
}
