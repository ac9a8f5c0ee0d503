import { WorkflowError } from './workflow-error.ts';

/** A value was rejected at every attempt. */
export class VerificationError<T = unknown> extends WorkflowError {
  /** The last value that was checked. */
  readonly value: T;
  /** Why the last value was rejected. */
  readonly reason: string;
  /** Why each value was rejected, in order. */
  readonly reasons: readonly string[];

  constructor(value: T, reasons: readonly string[]) {
    const reason = reasons.at(-1) ?? '';
    super(
      'verification',
      `Expected a value that passes the check within ${reasons.length} attempts, received: ${reason}`,
    );
    this.value = value;
    this.reason = reason;
    this.reasons = reasons;
  }
}
