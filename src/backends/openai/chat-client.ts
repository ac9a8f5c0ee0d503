/**
 * As much of a client as is used here: one of the `openai` package, of any version that answers with `asResponse()`, or one
 * derived from it, such as `AzureOpenAI`.
 */
export type ChatClient = {
  readonly baseURL?: string;
  /** Kept out of errors where it is a text. */
  readonly apiKey?: unknown;
  readonly chat: {
    readonly completions: {
      create(
        body: { readonly model: string; readonly messages: []; readonly stream: true },
        options: { readonly signal: AbortSignal; readonly maxRetries: 0; readonly timeout?: number },
      ): { asResponse(): Promise<Response> };
    };
  };
};
