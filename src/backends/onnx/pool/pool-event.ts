/** Why a model is loaded: for a request, by `load()`, or ahead of the step that needs it. */
export type LoadReason = 'request' | 'load' | 'preload';

/** What happens in a pool. */
export type PoolEvent = {
  /** The name of the model's folder. */
  readonly model: string;
  readonly folder: string;
  /** When, in milliseconds since 1970. */
  readonly at: number;
} & (
  | { readonly type: 'loading'; readonly reason: LoadReason }
  /** It took `elapsed` milliseconds from `loading` on. */
  | { readonly type: 'loaded'; readonly reason: LoadReason; readonly elapsed: number }
  /** It does not load, or its thread died. */
  | { readonly type: 'failed'; readonly error: Error }
  /** It has to leave, to make room for the model `for`. */
  | { readonly type: 'evicted'; readonly for: string }
  /** Its memory is free. */
  | { readonly type: 'unloaded' }
  /** There is no room for it yet: `needed` and `free` are bytes. */
  | { readonly type: 'waiting'; readonly needed: number; readonly free: number }
  /** There can never be room for it. */
  | { readonly type: 'refused'; readonly needed: number; readonly budget: number }
);
