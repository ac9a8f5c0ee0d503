import { WorkflowError } from './workflow-error.ts';

/** `admit` had no room for an input. */
export class AdmissionError extends WorkflowError {
  /** How many inputs waited. */
  readonly waiting: number;
  /** How many may. */
  readonly capacity: number;

  constructor(waiting: number, capacity: number) {
    super('admission', `Expected a free place in a waiting room of ${capacity}, received none: try again later`);
    this.waiting = waiting;
    this.capacity = capacity;
  }
}
