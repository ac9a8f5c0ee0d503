import type { Subscriber } from 'rxjs';
import { BackendError } from '../../runtime/backend-error.ts';
import type { InferenceEvent, Served } from '../../runtime/inference-event.ts';
import type { InferenceRequest } from '../../runtime/inference-request.ts';
import type { Message } from '../../runtime/message.ts';
import type { ToolCall } from '../../runtime/tool-call.ts';
import type { InferenceEnd, InferenceListener, Loaded } from './model-worker.ts';
import type { ParsedEvent } from './output-parser.ts';

/** One answer, as the main thread sees it: makes a reader's events of what the model's thread tells. */
export class Inference implements InferenceListener {
  readonly #request: InferenceRequest;
  readonly #served: Omit<Served, 'executionProvider' | 'passedOver'>;
  readonly #reader: Subscriber<InferenceEvent>;
  readonly #loaded: () => Loaded | undefined;
  readonly #start = performance.now();
  readonly #calls: ToolCall[] = [];
  #firstToken: number | undefined;
  #content = '';

  constructor(
    request: InferenceRequest,
    served: Omit<Served, 'executionProvider' | 'passedOver'>,
    reader: Subscriber<InferenceEvent>,
    loaded: () => Loaded | undefined,
  ) {
    this.#request = request;
    this.#served = served;
    this.#reader = reader;
    this.#loaded = loaded;
  }

  readonly events = (events: readonly ParsedEvent[]): void => {
    this.#firstToken ??= performance.now() - this.#start;
    for (const event of events) {
      if (event.type === 'token') this.#content += event.text;
      if (event.type === 'tool-call') this.#calls.push(event.call);
      this.#reader.next({ ...event, ...this.#envelope });
    }
  };

  readonly end = (end: InferenceEnd): void => {
    if (end.type === 'error') this.#reader.error(this.#failure(end));
    else this.#finish(end);
  };

  #finish({ type, reason, usage, constraint, queue }: InferenceEnd & { type: 'finish' }): void {
    const total = performance.now() - this.#start;
    const { executionProvider, passedOver, at } = this.#loaded() as Loaded;
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
      timing: { queue, load: Math.max(0, at - this.#start), firstToken: this.#firstToken ?? total, total },
      served: { ...this.#served, executionProvider, ...(passedOver.length > 0 && { passedOver }) },
      constraint,
    });
    this.#reader.complete();
  }

  #failure({ error, retryable }: InferenceEnd & { type: 'error' }): BackendError {
    return new BackendError(error.message, { backend: this.#served.backend, retryable, cause: error });
  }

  get #envelope(): { readonly request: string; readonly attempt: number } {
    return { request: this.#request.id, attempt: 1 };
  }
}
