import type { Subscriber } from 'rxjs';
import { frameStorage } from '#frame-storage';
import { Outlet } from '../../runtime/flow/outlet.ts';
import type { InferenceEvent, Served, Usage } from '../../runtime/inference-event.ts';
import type { InferenceRequest } from '../../runtime/inference-request.ts';
import type { Message } from '../../runtime/message.ts';
import type { ToolCall } from '../../runtime/tool-call.ts';
import { failureOf } from './failure-of.ts';
import type { Asking, InferenceEnd, InferenceListener, Loaded } from './model-worker.ts';
import type { ParsedEvent } from './output-parser.ts';
import type { HeldModel } from './pool/model-pool.ts';

/** One answer, as the main thread sees it: makes a reader's events of what the model's thread tells. */
export class Inference implements InferenceListener {
  readonly #request: InferenceRequest;
  readonly #served: Omit<Served, 'executionProvider' | 'passedOver'>;
  readonly #outlet: Outlet<InferenceEvent>;
  readonly #start = performance.now();
  readonly #frame = frameStorage.getStore();
  readonly #calls: ToolCall[] = [];
  #held: HeldModel | undefined;
  #asking: Asking | undefined;
  /** How often the model's thread told something that the reader has not taken yet. */
  #untaken = 0;
  #firstToken: number | undefined;
  #content = '';
  /** What the request has taken so far, while it goes on. */
  #usage: Usage | undefined;

  constructor(
    request: InferenceRequest,
    served: Omit<Served, 'executionProvider' | 'passedOver'>,
    reader: Subscriber<InferenceEvent>,
  ) {
    this.#request = request;
    this.#served = served;
    this.#outlet = new Outlet(reader, this.#take);
  }

  /** Asks the model. */
  begin(held: HeldModel): void {
    this.#held = held;
    try {
      this.#asking = held.worker.infer(this.#request, this);
    } catch (error) {
      // What is no plain data does not reach another thread.
      this.fail(error as Error);
    }
  }

  /** The model cannot be asked. */
  readonly fail = (error: Error): void => {
    this.leave();
    this.#outlet.error(failureOf(this.#served.backend, error));
  };

  /** Ends it where it stands, and reports what it has taken. */
  readonly leave = (): void => {
    if (this.#usage) this.#frame?.report({ type: 'usage', usage: this.#usage });
    this.#usage = undefined;
    this.#asking?.withdraw();
  };

  readonly events = (events: readonly ParsedEvent[], usage?: Usage): void => {
    this.#usage = usage;
    this.#firstToken ??= performance.now() - this.#start;
    for (const event of events) {
      if (event.type === 'token') this.#content += event.text;
      if (event.type === 'tool-call') this.#calls.push(event.call);
      this.#outlet.next({ ...event, ...this.#envelope });
    }
    this.#untaken++;
    if (!this.#outlet.held) this.#take();
  };

  readonly end = (end: InferenceEnd): void => {
    if (end.type === 'error') this.fail(end.error);
    else this.#finish(end);
  };

  #finish({ type, reason, usage, constraint, queue }: InferenceEnd & { type: 'finish' }): void {
    this.#usage = undefined;
    const total = performance.now() - this.#start;
    const { worker, waited } = this.#held as HeldModel;
    const { executionProvider, passedOver } = worker.loaded as Loaded;
    const answer: Message = {
      role: 'assistant',
      content: this.#content,
      ...(this.#calls.length > 0 && { toolCalls: this.#calls }),
    };
    this.#outlet.next({
      ...this.#envelope,
      type,
      reason,
      messages: [...this.#request.messages, answer],
      usage,
      timing: { queue, load: waited, firstToken: this.#firstToken ?? total, total },
      served: { ...this.#served, executionProvider, ...(passedOver.length > 0 && { passedOver }) },
      constraint,
    });
    this.#outlet.complete();
  }

  readonly #take = (): void => {
    for (; this.#untaken > 0; this.#untaken--) this.#asking?.take();
  };

  get #envelope(): { readonly request: string; readonly attempt: number } {
    return { request: this.#request.id, attempt: 1 };
  }
}
