/** A download that broke off, for a reason that may pass. What has come is kept, and is not fetched again. */
export class DownloadError extends Error {
  override readonly name: string = 'DownloadError';
}
