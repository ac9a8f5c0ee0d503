import { WorkflowError } from './workflow-error.ts';

/** An answer failed in the middle, and what the reader has seen of it stands. Its `cause` says why. */
export class PartialError extends WorkflowError {
  /** What the reader has seen: the tokens of the answer, or the values where they are strings. */
  readonly text: string;

  constructor(text: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super('partial', `Expected a whole answer, received its first ${text.length} characters: ${reason}`, { cause });
    this.text = text;
  }
}
