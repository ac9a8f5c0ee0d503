import type { ExecutionProvider } from '../execution-provider.ts';
import type { Footprint } from '../footprint/footprint.ts';
import type { RunMode } from '../self-test.ts';

/** A model in a pool, or on its way there. */
export type ModelState = {
  /** The name of its folder. */
  readonly name: string;
  readonly folder: string;
  readonly footprint: Footprint;
  /** `waiting` is for room; a model that is unloaded while somebody waits for it is listed twice. */
  readonly state: 'waiting' | 'loading' | 'idle' | 'in use' | 'unloading';
  /** How many requests use it or wait for it. */
  readonly requests: number;
  /** Threads that compute; present while it is in memory, like what follows. */
  readonly threads?: number;
  /** What runs it; absent until it is loaded. */
  readonly executionProvider?: ExecutionProvider;
  /**
   * How its cache is kept: `in-place` is the fastest, and can compute several requests in one run; `ping-pong` and `plain`
   * write it anew with each token. Absent until it is loaded.
   */
  readonly mode?: RunMode;
  /** Whether prompts are computed with its weights in single precision. Absent until it is loaded. */
  readonly expanded?: boolean;
};

/** What a pool holds. */
export type PoolState = {
  /** The most bytes that its models may take. */
  readonly budget: number;
  /** Bytes that are taken by the footprints of its models, from the moment they begin to load until they are gone. */
  readonly reserved: number;
  /** Those in memory, then those that wait for room, in their order. */
  readonly models: readonly ModelState[];
};
