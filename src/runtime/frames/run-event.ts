import type { Attempt } from '../attempt.ts';
import type { CircuitState } from '../circuit-state.ts';
import type { DownloadProgress } from '../download-progress.ts';
import type { InferenceEvent, Usage } from '../inference-event.ts';

/** `step` was named with `step`, or is a branch; `model` is one request to a backend; `tool` is one run of a tool. */
export type StepKind = 'run' | 'step' | 'model' | 'tool';

/** What a step reports. */
export type StepReport =
  | InferenceEvent
  /** The step took its first input. */
  | { readonly type: 'start' }
  /** The step waits for a model that is being downloaded; at most ten times a second. */
  | ({ readonly type: 'download' } & DownloadProgress)
  /**
   * The step's model is not in memory: it is `waiting` for room, `loading`, or now `loaded`, which ends the wait. `elapsed` is
   * how many milliseconds the step has waited so far.
   */
  | {
      readonly type: 'load';
      readonly model: string;
      readonly stage: 'waiting' | 'loading' | 'loaded';
      readonly elapsed: number;
    }
  /**
   * An attempt failed, and `fallback` or `withFallback` goes on with the next one. `attempt` counts from 1; `backend` is the
   * one that failed, absent where a workflow did.
   */
  | { readonly type: 'attempt'; readonly backend?: string; readonly attempt: number; readonly error: unknown }
  /** `route` chose this branch. */
  | { readonly type: 'route'; readonly label: string }
  /** `verify` rejected a value; `attempt` counts from 1. */
  | { readonly type: 'reject'; readonly reason: string; readonly attempt: number }
  /**
   * The step's answer ends early, because its reader leaves or it fails: what was spent up to there. What the backend does
   * not know is left out.
   */
  | { readonly type: 'usage'; readonly usage: Partial<Usage> }
  /** Attempt `attempt` on this backend failed; the next begins in `delay` milliseconds. */
  | {
      readonly type: 'retry';
      readonly backend: string;
      readonly attempt: number;
      readonly delay: number;
      readonly error: unknown;
    }
  /** The circuit breaker of this backend changed its state. */
  | { readonly type: 'circuit'; readonly backend: string; readonly state: CircuitState }
  /** `prefer` decided in which order to ask. */
  | { readonly type: 'choose'; readonly attempts: readonly Attempt[] }
  /** This backend is asked too, since the one before it has written nothing for `after` milliseconds, or has failed. */
  | { readonly type: 'hedge'; readonly backend: string; readonly after: number }
  /**
   * Another backend was faster, and this one was stopped after `elapsed` milliseconds. It had written nothing; its prompt,
   * reckoned at four bytes a token, may have to be paid for.
   */
  | { readonly type: 'lose'; readonly backend: string; readonly elapsed: number; readonly usage: Usage }
  /**
   * An input came to `admit`, or a request to `withBulkhead`: it is `waiting` for its turn, now `admitted`, or `refused` for want of room. `waited` is how
   * many milliseconds it has waited so far.
   */
  | { readonly type: 'admit'; readonly stage: 'waiting' | 'admitted' | 'refused'; readonly waited: number }
  /** The step ended well. */
  | { readonly type: 'complete' }
  | { readonly type: 'error'; readonly error: unknown }
  /** The reader left before the step ended. */
  | { readonly type: 'cancel' };

/** What happened in a run, and in which of its steps. */
export type RunEvent = {
  /** The run's id. */
  readonly run: string;
  /** The step's id; unique within the run. */
  readonly step: string;
  /** The id of the step around it; absent on the run itself. */
  readonly parent?: string;
  readonly kind: StepKind;
  readonly name: string;
  /** The names of the steps around and including this one, outermost first; models and tools are not named in it. */
  readonly path: readonly string[];
  /** When, in milliseconds since 1970. */
  readonly at: number;
} & StepReport;
