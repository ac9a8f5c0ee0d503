/** Something that went wrong in an answer, worded for the user. */
export class ChatFailure extends Error {
  readonly retryable: boolean;
  readonly status: number | undefined;

  constructor(message: string, { retryable, status }: { readonly retryable: boolean; readonly status?: number }) {
    super(message);
    this.retryable = retryable;
    this.status = status;
  }
}
