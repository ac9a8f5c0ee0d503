/** A piece of a call, as servers send it; nothing of it can be relied on. */
export type ChatCall = {
  readonly index?: number | null;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: unknown } | null;
};

/** What a model has said since the chunk before. Besides these, reasoning has many names. */
export type ChatDelta = {
  readonly content?: unknown;
  readonly refusal?: unknown;
  readonly tool_calls?: readonly (ChatCall | null)[] | null;
  /** Calls as they were made before there were tools. */
  readonly function_call?: ChatCall['function'];
  readonly [field: string]: unknown;
};

export type ChatUsage = {
  readonly prompt_tokens?: number | null;
  readonly completion_tokens?: number | null;
  readonly total_tokens?: number | null;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number | null } | null;
  readonly prompt_cache_hit_tokens?: number | null;
};

/** A piece of an answer, as servers send it. */
export type ChatChunk = {
  readonly model?: string | null;
  readonly choices?:
    | readonly {
        readonly index?: number | null;
        readonly delta?: ChatDelta | null;
        /** Of an answer that is not streamed. */
        readonly message?: ChatDelta | null;
        readonly finish_reason?: string | null;
        readonly error?: unknown;
      }[]
    | null;
  readonly usage?: ChatUsage | null;
  readonly error?: unknown;
};
