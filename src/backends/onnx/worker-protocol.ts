import type { Constraint, FinishReason, Usage } from '../../runtime/inference-event.ts';
import type { InferenceRequest } from '../../runtime/inference-request.ts';
import type { ExecutionProvider, PassedOver } from './execution-provider.ts';
import type { LoadOptions } from './load-options.ts';
import type { ParsedEvent } from './output-parser.ts';
import type { RunMode } from './self-test.ts';

/** What a model's thread is started with. It loads its model at once. */
export type WorkerStart = {
  readonly options: LoadOptions;
  /** The memory of the thread's native gate. */
  readonly gate: SharedArrayBuffer;
};

/** What a model's thread is told. */
export type WorkerOrder =
  | {
      readonly type: 'infer';
      readonly id: number;
      readonly request: InferenceRequest;
      /** The memory of what its reader wants. */
      readonly demand: SharedArrayBuffer;
    }
  /** A reader that the thread waits for has taken something. */
  | { readonly type: 'resume' }
  /** Withdraws a request. It ends with `cancelled`, unless it has ended already. */
  | { readonly type: 'cancel'; readonly id: number }
  /** The thread is to end, as soon as it is not in the middle of a run. */
  | { readonly type: 'unload' };

/** What a model's thread tells. */
export type WorkerReport =
  | {
      readonly type: 'loaded';
      readonly executionProvider: ExecutionProvider;
      readonly passedOver: readonly PassedOver[];
      readonly mode: RunMode;
      /** Whether its prompts are computed with weights in single precision. */
      readonly expanded: boolean;
    }
  /** The model does not load; the thread ends. */
  | { readonly type: 'failed'; readonly error: Error }
  /** What one step brought. */
  | { readonly type: 'step'; readonly outputs: readonly WorkerOutput[] };

/** What one step brought to one request. */
export type WorkerOutput = {
  readonly id: number;
  readonly events: readonly ParsedEvent[];
  /** What the request has taken so far, while it goes on. */
  readonly usage?: Usage;
  /** Present on the last output of a request: from then on the thread does nothing for it. */
  readonly end?: WorkerEnd;
};

/** How a request ended. */
export type WorkerEnd =
  | {
      readonly type: 'finish';
      readonly reason: FinishReason;
      readonly usage: Usage;
      readonly constraint: Constraint;
      /** Milliseconds that it waited for its first run. */
      readonly queue: number;
    }
  | { readonly type: 'error'; readonly error: Error }
  | { readonly type: 'cancelled' };
