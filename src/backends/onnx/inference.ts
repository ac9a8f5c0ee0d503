import { noop, type Subscriber } from 'rxjs';
import { BackendError } from '../../runtime/backend-error.ts';
import type { InferenceEvent, Served } from '../../runtime/inference-event.ts';
import type { InferenceRequest } from '../../runtime/inference-request.ts';
import type { Message } from '../../runtime/message.ts';
import type { ToolCall } from '../../runtime/tool-call.ts';
import type { InferenceEnd, InferenceListener } from './model-worker.ts';
import type { ParsedEvent } from './output-parser.ts';
import type { HeldModel } from './pool/model-pool.ts';
import { ThreadDeath } from './thread-death.ts';

/** One answer, as the main thread sees it: makes a reader's events of what the model's thread tells. */
export class Inference implements InferenceListener {
  readonly #request: InferenceRequest;
  readonly #served: Omit<Served, 'executionProvider'>;
  readonly #reader: Subscriber<InferenceEvent>;
  readonly #start = performance.now();
  readonly #calls: ToolCall[] = [];
  #held: HeldModel | undefined;
  #firstToken: number | undefined;
  #content = '';

  constructor(
    request: InferenceRequest,
    served: Omit<Served, 'executionProvider'>,
    reader: Subscriber<InferenceEvent>,
  ) {
    this.#request = request;
    this.#served = served;
    this.#reader = reader;
  }

  /** Asks the model, and gives the function that withdraws the request. */
  begin(held: HeldModel): () => void {
    this.#held = held;
    try {
      return held.worker.infer(this.#request, this);
    } catch (error) {
      // What is no plain data does not reach another thread.
      this.fail(error as Error);
      return noop;
    }
  }

  /** The model cannot be asked. */
  readonly fail = (error: Error): void => {
    const facts = { backend: this.#served.backend, retryable: error instanceof ThreadDeath, cause: error };
    this.#reader.error(new BackendError(error.message, facts));
  };

  readonly events = (events: readonly ParsedEvent[]): void => {
    this.#firstToken ??= performance.now() - this.#start;
    for (const event of events) {
      if (event.type === 'token') this.#content += event.text;
      if (event.type === 'tool-call') this.#calls.push(event.call);
      this.#reader.next({ ...event, ...this.#envelope });
    }
  };

  readonly end = (end: InferenceEnd): void => {
    if (end.type === 'error') this.fail(end.error);
    else this.#finish(end);
  };

  #finish({ type, reason, usage, constraint, queue }: InferenceEnd & { type: 'finish' }): void {
    const total = performance.now() - this.#start;
    const { worker, waited } = this.#held as HeldModel;
    const executionProvider = worker.loaded?.executionProvider as string;
    const answer: Message = {
      role: 'assistant',
      content: this.#content,
      ...(this.#calls.length > 0 && { toolCalls: this.#calls }),
    };
    this.#reader.next({
      ...this.#envelope,
      type,
      reason,
      messages: [...this.#request.messages, answer],
      usage,
      timing: { queue, load: waited, firstToken: this.#firstToken ?? total, total },
      served: { ...this.#served, executionProvider },
      constraint,
    });
    this.#reader.complete();
  }

  get #envelope(): { readonly request: string; readonly attempt: number } {
    return { request: this.#request.id, attempt: 1 };
  }
}
