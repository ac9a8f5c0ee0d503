/** A download that broke off. Another one may succeed, and goes on with what has come. */
export class DownloadError extends Error {
  override readonly name: string = 'DownloadError';
  /** Whether the same request may succeed in a moment. */
  readonly passing: boolean;

  constructor(
    message: string,
    { cause, passing = true }: { readonly cause?: unknown; readonly passing?: boolean } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.passing = passing;
  }
}
