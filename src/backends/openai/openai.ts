import { defer, type Observable, tap } from 'rxjs';
import { frameStorage } from '#frame-storage';
import type { Backend } from '../../runtime/backend.ts';
import { BackendError } from '../../runtime/backend-error.ts';
import { checkRequest } from '../../runtime/check-request.ts';
import { fromGenerator } from '../../runtime/flow/from-generator.ts';
import { mapError } from '../../runtime/flow/map-error.ts';
import type { InferenceEvent } from '../../runtime/inference-event.ts';
import type { InferenceRequest } from '../../runtime/inference-request.ts';
import type { JsonSchema } from '../../runtime/json-schema.ts';
import { answerFormat } from './answer-format.ts';
import { callsIn } from './calls-in.ts';
import { ChatAnswer } from './chat-answer.ts';
import { chatBody } from './chat-body.ts';
import { chatChunks } from './chat-chunks.ts';
import { failureOf } from './failure-of.ts';
import { makeClient } from './make-client.ts';
import { checkOpenAI, type OpenAIOptions } from './openai-options.ts';
import { serverOf } from './server.ts';
import { ToolNames } from './tool-names.ts';

/** A model that a server runs. */
export type OpenAIBackend = Backend & {
  /** The keywords of `schema` that nobody promises to hold the model to; empty only at OpenAI and Azure OpenAI. */
  unenforced(schema: JsonSchema): readonly string[];
};

/**
 * Makes a backend of a model that a server runs: OpenAI, or any other server that speaks chat completions.
 *
 * Needs the `openai` package beside millrace, which is loaded with the first request. Its retries are off. The body of an
 * answer is read no further than the reader takes it, and leaving ends the request at once. What was spent up to there is
 * reported in a run as `usage`, as far as the server has told; else as the number of pieces that came.
 *
 * Of a request, all is sent but `priority`, for which a server has no use; `seed` and `stop` are held as well as the server
 * holds them, and `topK` and `minP` are refused unless `extraSampling` names them. Tool names that OpenAI forbids go out as
 * others and come back as they were. `reasoning` comes under any of the names that servers give it. A schema whose root is no
 * object is sent as the property of one, and its answer is taken out again.
 *
 * `finish.served.model` is what the server says; `location` is `cloud`, also of a server on this machine. Where a server
 * counts no tokens, `usage` has an `input` of 0 and an `output` of as many as pieces came. `constraint` is `enforced` only
 * where OpenAI or Azure OpenAI promise it, for schemas of their strict kind.
 *
 * @example
 * ```ts
 * of('Name a river.').pipe(inferText(openai({ model: 'gpt-4.1-mini' }))).subscribe(console.log);
 *
 * const local = openai({ model: 'qwen3:4b', baseURL: 'http://localhost:11434/v1' });
 * ```
 *
 * @param options `model`, and which server: `baseURL` and `apiKey`, or a `client`.
 * @throws TypeError when it is made with an option that is unknown or of the wrong kind.
 * @throws BackendError when subscribed, where the server cannot be reached, refuses, fails, withholds the answer or breaks it
 *   off. It is `retryable` after statuses 408, 409, 425, 429 and 5xx, and where a connection or an answer broke; not where
 *   content or length are the reason. Keys are never part of it.
 */
export const openai = (options: OpenAIOptions): OpenAIBackend => {
  checkOpenAI(options);
  const { model, id = model, schemas, timeout } = options;
  const server = serverOf(options);
  let client = options.client;

  async function* read(body: object, answer: ChatAnswer, signal: AbortSignal): AsyncGenerator<InferenceEvent> {
    client ??= await makeClient(server, options.headers);
    const settings = { signal, maxRetries: 0, ...(timeout !== undefined && { timeout }) } as const;
    const response = await client.chat.completions.create(body as never, settings).asResponse();
    try {
      for await (const chunk of chatChunks(response, () => answer.whole)) yield* answer.take(chunk);
    } catch (cause) {
      // What breaks behind a whole answer costs no more than its usage.
      if (!answer.whole) throw cause;
    }
    yield* answer.end();
  }

  const infer = (request: InferenceRequest): Observable<InferenceEvent> => {
    const format = request.schema === undefined ? undefined : answerFormat(request.schema, schemas, server.genuine);
    const names = new ToolNames([...(request.tools ?? []), ...callsIn(request.messages)].map(({ name }) => name));
    const body = chatBody(request, { options, genuine: server.genuine, names, format });
    const answer = new ChatAnswer({
      request,
      served: { backend: id, model, location: 'cloud' },
      names,
      wrapped: format?.wrapped ?? false,
      enforced: format?.unenforced.length === 0,
    });
    const frame = frameStorage.getStore();
    const report = () => answer.spent && frame?.report({ type: 'usage', usage: answer.spent });
    return fromGenerator((signal) => read(body, answer, signal)).pipe(
      tap({ error: report, unsubscribe: report }),
      mapError((cause) => {
        // A client's key may be a new one for each request.
        server.secrets.add(options.client?.apiKey);
        return failureOf(cause, { backend: id, ...server, begun: answer.spent !== undefined });
      }),
    );
  };

  return {
    id,
    location: 'cloud',
    infer: (request) =>
      defer(() => {
        try {
          return infer(checkRequest(request));
        } catch (cause) {
          throw new BackendError((cause as Error).message, { backend: id, retryable: false, cause });
        }
      }),
    unenforced: (schema) => answerFormat(schema, schemas, server.genuine).unenforced,
  };
};
