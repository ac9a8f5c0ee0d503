import { WorkflowError } from './workflow-error.ts';

/** A reader stopped reading for good. */
export class ReaderError extends WorkflowError {
  /** How many milliseconds it was waited for. */
  readonly idleTimeout: number;

  constructor(idleTimeout: number) {
    super('reader', `Expected the reader to ask for more within ${idleTimeout} ms, received no sign of it`);
    this.idleTimeout = idleTimeout;
  }
}
