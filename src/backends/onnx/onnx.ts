import { basename, resolve } from 'node:path';
import { Observable, type Subscriber } from 'rxjs';
import type { Backend } from '../../runtime/backend.ts';
import { BackendError } from '../../runtime/backend-error.ts';
import type { InferenceEvent } from '../../runtime/inference-event.ts';
import type { InferenceRequest } from '../../runtime/inference-request.ts';
import type { JsonSchema } from '../../runtime/json-schema.ts';
import { checkRequest } from './check-request.ts';
import { schemaGrammar } from './constraint/schema-grammar.ts';
import type { PassedOver } from './execution-provider.ts';
import { type FoundModel, findModel } from './find-model.ts';
import { DownloadError } from './hub/download-error.ts';
import { Inference } from './inference.ts';
import { ModelWorker } from './model-worker.ts';
import { checkOnnx, type OnnxOptions } from './onnx-options.ts';
import { reportDownload } from './report-download.ts';
import { embeddedName } from './resolve-model.ts';

/** A model on this machine. */
export type OnnxBackend = Backend & {
  /**
   * The keywords of `schema` that the model is not held to while it writes. Where the list is empty, every whole answer
   * matches.
   */
  unenforced(schema: JsonSchema): readonly string[];
  /** The execution providers that were tried and do not work, each with its reason; empty before the model is loaded. */
  readonly passedOver: readonly PassedOver[];
};

/**
 * Makes a backend of a model on this machine, in the ONNX format as transformers.js loads it.
 *
 * Nothing is loaded before the first request. The model runs in a thread of its own, which all backends of the same
 * folder and the same options share, so the main thread stays free; requests at the same time take turns, token by token.
 * A program ends by itself once no request is open.
 *
 * What a request leaves out: `temperature` is 0, which takes the likeliest token each time; `topP`, `topK` and `minP`
 * limit nothing; `maxTokens` is 1024, and never more than the model's context has room for; without a `seed` each
 * request draws its own. With a `schema` the model is shown the schema and can write nothing but a matching answer; of a
 * schema that lists its values, the likeliest one is the answer.
 *
 * @example
 * ```ts
 * of('What is the capital of Japan?')
 *   .pipe(infer(onnx()))
 *   .subscribe((event) => event.type === 'token' && process.stdout.write(event.text));
 * ```
 *
 * Nothing is downloaded unless `allowDownload` says so; what is here is used without a word to the network.
 *
 * @param model The path of a model's folder, an alias such as `gemma3-1b`, or the id of a model of the Hugging Face Hub.
 *   Defaults to the embedded model, SmolLM2-135M-Instruct.
 * @param options `id`, `executionProviders`, `threads` and `dtype`; where to look, and whether to download.
 * @throws TypeError, RangeError when it is made with an option that is unknown or of the wrong kind.
 * @throws BackendError when subscribed, where the model cannot be loaded or cannot answer; it says what to do.
 */
export const onnx = (model?: string, options: OnnxOptions = {}): OnnxBackend => {
  checkOnnx(model, options);
  const name = model === undefined ? embeddedName : basename(resolve(model));
  const { id = name, executionProviders = ['cpu'], threads } = options;
  let found: FoundModel | undefined;
  let worker: ModelWorker | undefined;

  const ask = (request: InferenceRequest, reader: Subscriber<InferenceEvent>): (() => void) => {
    const plain = checkRequest(request);
    const served = { backend: id, model: name, location: 'device' } as const;
    let asked: ModelWorker | undefined;
    const inference = new Inference(request, served, reader, () => asked?.loaded);
    const leaving = new AbortController();
    let leave = () => leaving.abort();
    const begin = async (): Promise<void> => {
      found ??= await findModel(model, options, { signal: leaving.signal, onProgress: reportDownload() });
      if (leaving.signal.aborted) return;
      asked = ModelWorker.for({ ...found, executionProviders, ...(threads && { threads }) });
      worker = asked;
      leave = asked.infer(plain, inference);
    };
    begin().catch((cause) => reader.error(failure(cause)));
    return () => leave();
  };

  const failure = (cause: unknown): BackendError =>
    new BackendError((cause as Error).message, { backend: id, retryable: cause instanceof DownloadError, cause });

  return {
    id,
    infer: (request) =>
      new Observable((reader) => {
        try {
          return ask(request, reader);
        } catch (cause) {
          return reader.error(failure(cause));
        }
      }),
    unenforced: (schema) => schemaGrammar(schema).unenforced,
    get passedOver() {
      return worker?.loaded?.passedOver ?? [];
    },
  };
};
