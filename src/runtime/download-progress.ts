/** How far the download of a model is. */
export type DownloadProgress = {
  /** As it was asked for: an alias, or an id of the hub. */
  readonly model: string;
  /** Bytes that are here, with those that an earlier download left. */
  readonly loaded: number;
  /** Bytes of all files that are needed; rises where the model names more of them as it comes. */
  readonly total: number;
  /** Bytes a second over the last few seconds. */
  readonly speed: number;
};
