import { basename, resolve } from 'node:path';
import {
  catchError,
  EMPTY,
  firstValueFrom,
  ignoreElements,
  noop,
  Observable,
  type Subscriber,
  switchMap,
  take,
  tap,
} from 'rxjs';
import type { Backend } from '../../runtime/backend.ts';
import type { BackendFacts } from '../../runtime/backend-facts.ts';
import { checkRequest } from '../../runtime/check-request.ts';
import type { InferenceEvent } from '../../runtime/inference-event.ts';
import type { InferenceRequest } from '../../runtime/inference-request.ts';
import type { JsonSchema } from '../../runtime/json-schema.ts';
import { canContinue } from './can-continue.ts';
import { schemaGrammar } from './constraint/schema-grammar.ts';
import type { PassedOver } from './execution-provider.ts';
import { failureOf } from './failure-of.ts';
import { type FoundModel, findModel } from './find-model.ts';
import { Inference } from './inference.ts';
import type { LoadOptions } from './load-options.ts';
import { ModelError } from './model-error.ts';
import { modelFacts } from './model-facts.ts';
import type { ModelWorker } from './model-worker.ts';
import { checkOnnx, type OnnxOptions } from './onnx-options.ts';
import type { LoadStage } from './pool/loader.ts';
import { type HeldModel, ModelPool } from './pool/model-pool.ts';
import type { LoadReason } from './pool/pool-event.ts';
import { reportDownload } from './report-download.ts';
import { reportLoad } from './report-load.ts';
import { embeddedName } from './resolve-model.ts';
import { toLoadOptions } from './to-load-options.ts';

/** A model on this machine. */
export type OnnxBackend = Backend & {
  /**
   * The keywords of `schema` that the model is not held to while it writes. Where the list is empty, every whole answer
   * matches.
   */
  unenforced(schema: JsonSchema): readonly string[];
  /**
   * Loads the model before it is needed, as a request would: where the pool is full it waits until another makes room. The
   * promise resolves once the model is loaded, and does not keep it from leaving when others need the room.
   *
   * @throws BackendError where the model cannot be loaded.
   */
  load(): Promise<void>;
  preload(): Observable<never>;
  /** Where its model is, what it takes of the pool's budget, and its context; from its files. */
  facts(): Observable<BackendFacts>;
  /** The execution providers that were tried and do not work, each with its reason; empty before the model is loaded. */
  readonly passedOver: readonly PassedOver[];
};

/**
 * Makes a backend of a model on this machine, in the ONNX format as transformers.js loads it.
 *
 * Nothing is loaded before the first request. The model is kept in a {@link ModelPool} and runs in a thread of its own,
 * which all backends of the same folder, options and pool share, so the main thread stays free; requests at the same time
 * are written side by side. A program ends by itself once no request is open.
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
 * @param options `id`, `executionProviders`, `threads` and `dtype`, `cacheTokens`, `expandWeights` and `pool`; where to look, and whether to download.
 * @throws TypeError, RangeError when it is made with an option that is unknown or of the wrong kind.
 * @throws BackendError when subscribed, where the model cannot be loaded or cannot answer; it says what to do.
 */
export const onnx = (model?: string, options: OnnxOptions = {}): OnnxBackend => {
  checkOnnx(model, options);
  const name = model === undefined ? embeddedName : basename(resolve(model));
  const { id = name, pool = ModelPool.shared } = options;
  const served = { backend: id, model: name, location: 'device' } as const;
  let found: FoundModel | undefined;
  let worker: ModelWorker | undefined;

  const toLoad = (place: FoundModel): LoadOptions => toLoadOptions(place, options);

  const locate = new Observable<FoundModel>((reader) => {
    const leaving = new AbortController();
    const search = async () => {
      found ??= await findModel(model, options, { signal: leaving.signal, onProgress: reportDownload() });
      reader.next(found);
      reader.complete();
    };
    search().catch((cause) => reader.error(cause));
    return () => leaving.abort();
  });

  const hold = (reason: LoadReason, reach?: (stage: LoadStage) => void): Observable<HeldModel> =>
    locate.pipe(
      switchMap((place) => pool.hold(toLoad(place), reason, reach)),
      tap((held) => (worker = held.worker)),
    );

  const facts = modelFacts(model, options, toLoad, pool);

  const infer = (request: InferenceRequest, reader: Subscriber<InferenceEvent>): (() => void) => {
    const { prefix, ...asked } = request;
    if (prefix !== undefined && !canContinue(asked)) throw noPrefix();
    const inference = new Inference({ ...checkRequest(asked), ...(prefix && { prefix }) }, served, reader);
    const reach = reportLoad(name);
    const held = hold('request', reach).subscribe({
      next: (model) => inference.begin(model),
      error: inference.fail,
    });
    return () => {
      inference.leave();
      held.unsubscribe();
    };
  };

  return {
    id,
    location: 'device',
    infer: (request) =>
      new Observable((reader) => {
        try {
          return infer(request, reader);
        } catch (cause) {
          return reader.error(failureOf(id, cause));
        }
      }),
    load: () => firstValueFrom(hold('load')).then(noop, (cause) => Promise.reject(failureOf(id, cause))),
    preload: () =>
      hold('preload').pipe(
        take(1),
        ignoreElements(),
        catchError(() => EMPTY),
      ),
    continues: canContinue,
    facts: () => facts,
    unenforced: (schema) => schemaGrammar(schema).unenforced,
    get passedOver() {
      return worker?.loaded?.passedOver ?? [];
    },
  };
};

const noPrefix = (): ModelError =>
  new ModelError('Expected a `prefix` without `schema` and callable `tools`, received it with them: leave it out');
