/** Somebody's wish to have a model in memory, from when it is made until it is let go. */
export type Hold = {
  readonly key: string;
  /** Whether the model is there. It stays until the hold is let go. */
  granted: boolean;
};

/** A model that is in memory, or on its way in or out. */
export type Resident = {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  readonly holds: Set<Hold>;
  /** Those of its holds that are not granted yet, and some that were let go. */
  readonly arrived: Hold[];
  state: 'loading' | 'loaded' | 'unloading';
  /** Whether it takes no new holds, so that it can leave when those that it has are let go. */
  closing: boolean;
  /** Whether somebody has wanted it; not so where it was only loaded ahead. */
  wanted: boolean;
  /** When it began to load; once it is loaded, since when it is. */
  since: number;
  /** Milliseconds that loading took; 0 while it loads. */
  cost: number;
  /** When a hold was last let go. */
  used: number;
};
