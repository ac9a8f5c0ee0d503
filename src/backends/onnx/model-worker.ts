import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { InferenceRequest } from '../../runtime/inference-request.ts';
import type { ExecutionProvider, PassedOver } from './execution-provider.ts';
import type { LoadOptions } from './load-options.ts';
import { NativeGate } from './native-gate.ts';
import type { ParsedEvent } from './output-parser.ts';
import type { WorkerEnd, WorkerOrder, WorkerOutput, WorkerReport, WorkerStart } from './worker-protocol.ts';

/** How a request ended, as its listener is told. */
export type InferenceEnd =
  | Exclude<WorkerEnd, { type: 'error' | 'cancelled' }>
  | { readonly type: 'error'; readonly error: Error; readonly retryable: boolean };

/** Who waits for an answer. */
export type InferenceListener = {
  readonly events: (events: readonly ParsedEvent[]) => void;
  /** Called once, and last. */
  readonly end: (end: InferenceEnd) => void;
};

/** What is known of a model once it is loaded. */
export type Loaded = {
  readonly executionProvider: ExecutionProvider;
  readonly passedOver: readonly PassedOver[];
  /** When, on the clock of `performance.now`. */
  readonly at: number;
};

const alive = new Map<string, ModelWorker>();
let requests = 0;

/**
 * The thread of one loaded model, as the main thread sees it. It keeps the process alive while it has requests, and only
 * then. It is never ended from outside: that would abort the process if the model is running.
 */
export class ModelWorker {
  /** Absent while the model loads. */
  loaded: Loaded | undefined;
  readonly #key: string;
  readonly #worker: Worker;
  readonly #gate = new NativeGate();
  /** Requests that the thread has not ended yet; without a listener where the reader left. */
  readonly #open = new Map<number, InferenceListener | undefined>();

  /** The thread of a model loaded with these options: the one that runs, or a new one. */
  static for(options: LoadOptions): ModelWorker {
    const key = JSON.stringify(options);
    const worker = alive.get(key) ?? new ModelWorker(key, options);
    alive.set(key, worker);
    return worker;
  }

  private constructor(key: string, options: LoadOptions) {
    this.#key = key;
    if (alive.size === 0) process.on('exit', closeGates);
    const workerData: WorkerStart = { options, gate: this.#gate.memory };
    // Native code reads the real environment, of which a worker has a mere copy otherwise.
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), { workerData, env: SHARE_ENV, execArgv: [] });
    this.#worker.on('message', (report: WorkerReport) => this.#receive(report));
    this.#worker.on('error', (cause) => this.#end(died(cause.message, cause), true));
    this.#worker.on('exit', (code) => this.#end(died(`exit code ${code}`), true));
    this.#worker.unref();
  }

  /** Asks the model, and gives the function that withdraws the request. */
  infer(request: InferenceRequest, listener: InferenceListener): () => void {
    const id = ++requests;
    this.#order({ type: 'infer', id, request });
    if (this.#open.size === 0) this.#worker.ref();
    this.#open.set(id, listener);
    return () => {
      if (!this.#open.has(id)) return;
      this.#open.set(id, undefined);
      this.#order({ type: 'cancel', id });
    };
  }

  /** Blocks until the model is not running, and keeps it from running ever again. */
  close(): void {
    this.#gate.close();
  }

  #order(order: WorkerOrder): void {
    this.#worker.postMessage(order);
  }

  #receive(report: WorkerReport): void {
    if (report.type === 'failed') this.#end(report.error, false);
    else if (report.type === 'loaded') this.loaded = { ...report, at: performance.now() };
    else for (const output of report.outputs) this.#pass(output);
  }

  #pass({ id, events, end }: WorkerOutput): void {
    if (events.length > 0) this.#open.get(id)?.events(events);
    if (end) this.#close(id, end.type === 'error' ? { ...end, retryable: false } : end);
  }

  #close(id: number, end: InferenceEnd | { readonly type: 'cancelled' }): void {
    const listener = this.#open.get(id);
    this.#open.delete(id);
    if (this.#open.size === 0) this.#worker.unref();
    if (end.type !== 'cancelled') listener?.end(end);
  }

  /** The thread is of no use any more: the next request starts another. */
  #end(error: Error, retryable: boolean): void {
    if (alive.get(this.#key) === this) alive.delete(this.#key);
    if (alive.size === 0) process.off('exit', closeGates);
    for (const id of this.#open.keys()) this.#close(id, { type: 'error', error, retryable });
  }
}

const died = (reason: string, cause?: unknown): Error =>
  new Error(`The model's thread died before its answer was whole (${reason}): ask again`, { cause });

const closeGates = (): void => {
  for (const worker of alive.values()) worker.close();
};
