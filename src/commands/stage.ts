/** What a command needs of the world. */
export type Stage = {
  readonly output: {
    readonly isTTY?: boolean;
    readonly columns?: number;
    write(text: string): unknown;
  };
  readonly complain: (message: string) => void;
  /** Aborted where the command is to end early. */
  readonly signal: AbortSignal;
};
