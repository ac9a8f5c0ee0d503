import { WorkflowError } from './workflow-error.ts';

/** What took too long: the whole, the time to the first token, or the time from one token to the next. */
export type TimeoutLimit = 'deadline' | 'first-token' | 'idle';

/** A model or a step took longer than it may. `path` tells where. */
export class TimeoutError extends WorkflowError {
  readonly limit: TimeoutLimit;
  /** The milliseconds that it may take. */
  readonly after: number;
  /** The answer up to there; empty where none had begun, or where no tokens come out of the step. */
  readonly text: string;

  constructor(limit: TimeoutLimit, after: number, text: string) {
    super('timeout', `Expected ${wanted[limit]} within ${after} ms, received ${text.length} characters of an answer`);
    this.limit = limit;
    this.after = after;
    this.text = text;
  }
}

const wanted = {
  deadline: 'the end',
  'first-token': 'a first token',
  idle: 'the next token',
} as const;
