import type { Served } from './inference-event.ts';

/** A backend that `prefer` asks or passes over, and why. */
export type Attempt = {
  /** The backend's `id`. */
  readonly backend: string;
  readonly location?: Served['location'];
  /** Whether it is passed over: it is not asked, whatever happens to the others. */
  readonly passedOver: boolean;
  /** Milliseconds without a first token of the one before, after which it is asked at the same time. */
  readonly hedgeAfter?: number;
  /** In words. */
  readonly reasons: readonly string[];
};
