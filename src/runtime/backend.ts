import type { Observable } from 'rxjs';
import type { BackendFacts } from './backend-facts.ts';
import type { InferenceEvent, Served } from './inference-event.ts';
import type { InferenceRequest } from './inference-request.ts';
import type { JsonSchema } from './json-schema.ts';

/**
 * Something that answers requests: a model on this machine, a server, a script.
 *
 * Its law, which `backendContract` of `millrace/testing` checks: nothing happens before subscription; unsubscribing
 * stops it within one token; it ends with exactly one `finish` and completes; its tokens concatenate to the content of
 * the last message; two subscriptions are two requests; a failure is a `BackendError`.
 */
export interface Backend {
  /** Names it in errors, events and `finish.served`. */
  readonly id: string;
  /** `'device'` promises that nothing of a request leaves this machine. Absent where nobody knows. */
  readonly location?: Served['location'];
  infer(request: InferenceRequest): Observable<InferenceEvent>;
  /**
   * The keywords of `schema` that this backend cannot hold a model to while it writes: an empty list promises that every
   * answer matches. A backend without this method enforces nothing.
   */
  unenforced?(schema: JsonSchema): readonly string[];
  /**
   * Whether this backend can go on from the `prefix` of a request, as when it takes over from another one in the middle. A
   * backend without this method cannot.
   */
  continues?(request: InferenceRequest): boolean;
  /**
   * Gets ready for a request that will come, as far as nothing else has to give way to it. Cold; completes when it is ready,
   * and just so where it cannot be: the request will tell why. A backend without this method is always ready.
   */
  preload?(): Observable<never>;
  /**
   * What is known before anything is asked. Cold; gives one value and completes. Asking loads no model, downloads nothing
   * and needs no network.
   */
  facts?(): Observable<BackendFacts>;
}
