/** A value that a check did not accept. */
export type Rejection<T> = {
  readonly value: T;
  readonly reason: string;
  /** Which check it was, from 1. */
  readonly attempt: number;
};
