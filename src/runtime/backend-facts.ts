/** What is known of a backend before it is asked. What nobody knows is absent. */
export type BackendFacts = {
  /** Where its model is: in memory, on this machine, only on the network with leave to download it, or nowhere. */
  readonly model?: 'loaded' | 'present' | 'downloadable' | 'missing';
  /** Why the model is `missing`, and what to do. */
  readonly problem?: string;
  /** Bytes that its model takes, and bytes that it may take. */
  readonly memory?: { readonly needed: number; readonly budget: number };
  /** The most tokens that a prompt and its answer may have together. */
  readonly context?: number;
};
