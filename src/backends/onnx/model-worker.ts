import { availableParallelism } from 'node:os';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { Usage } from '../../runtime/inference-event.ts';
import type { InferenceRequest } from '../../runtime/inference-request.ts';
import { Demand } from './demand.ts';
import type { LoadOptions } from './load-options.ts';
import { ModelError } from './model-error.ts';
import { NativeGate } from './native-gate.ts';
import type { ParsedEvent } from './output-parser.ts';
import { defaultThreads } from './pool/default-threads.ts';
import { ThreadDeath } from './thread-death.ts';
import type { WorkerEnd, WorkerOrder, WorkerOutput, WorkerReport, WorkerStart } from './worker-protocol.ts';

/** How a request ended, as its listener is told. */
export type InferenceEnd =
  | Exclude<WorkerEnd, { type: 'error' | 'cancelled' }>
  | { readonly type: 'error'; readonly error: Error };

/** Who waits for an answer. */
export type InferenceListener = {
  /** `usage` is what the request has taken so far, while it goes on. */
  readonly events: (events: readonly ParsedEvent[], usage?: Usage) => void;
  /** Called once, and last. */
  readonly end: (end: InferenceEnd) => void;
};

/** A request on its way. */
export type Asking = {
  /** The reader has taken what `events` brought last; the model goes on meanwhile, and then waits for this. */
  readonly take: () => void;
  /** The reader has left. */
  readonly withdraw: () => void;
};

/** What is known of a model once it is loaded. */
export type Loaded = Omit<WorkerReport & { readonly type: 'loaded' }, 'type'>;

/** Who had the thread started. */
export type WorkerOwner = {
  readonly loaded: () => void;
  /** The thread is gone. The error tells why, where it was not asked to go. */
  readonly gone: (error?: Error) => void;
};

const alive = new Set<ModelWorker>();
let requests = 0;

/**
 * The thread of one model, as the main thread sees it. It is never ended from outside, which would abort the process if the
 * model is running: it goes when it is asked to. It keeps the process alive while it has requests or is held awake, and
 * until it is gone once it was asked to go.
 */
export class ModelWorker {
  /** Absent while the model loads. */
  loaded: Loaded | undefined;
  /** Threads that compute. */
  readonly threads: number;
  /** Settles when the thread is gone, and its memory with it. */
  readonly exited: Promise<void>;
  readonly #worker: Worker;
  readonly #owner: WorkerOwner;
  readonly #gate = new NativeGate();
  /** Requests that the thread has not ended yet; without a listener where the reader left. */
  readonly #open = new Map<number, InferenceListener | undefined>();
  #awake = false;
  #leaves = false;
  #error: Error | undefined;

  /** Starts the thread, which loads the model at once. */
  constructor(options: LoadOptions, owner: WorkerOwner) {
    if (alive.size === 0) process.on('exit', closeGates);
    alive.add(this);
    this.threads = options.threads ?? defaultThreads(availableParallelism(), alive.size);
    this.#owner = owner;
    const workerData: WorkerStart = { options: { ...options, threads: this.threads }, gate: this.#gate.memory };
    // Native code reads the real environment, of which a worker has a mere copy otherwise.
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), { workerData, env: SHARE_ENV, execArgv: [] });
    this.#worker.on('message', (report: WorkerReport) => this.#receive(report));
    this.#worker.on('error', (cause) => {
      this.#error ??= new ThreadDeath(cause.message, cause);
    });
    this.exited = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.#end(code);
        resolve();
      });
    });
    this.#settle();
  }

  /** Asks the model. */
  infer(request: InferenceRequest, listener: InferenceListener): Asking {
    const id = ++requests;
    const demand = Demand.create();
    this.#order({ type: 'infer', id, request, demand: demand.memory });
    this.#open.set(id, listener);
    this.#settle();
    return {
      take: () => {
        if (demand.take() && this.#open.has(id)) this.#order({ type: 'resume' });
      },
      withdraw: () => {
        if (!this.#open.has(id)) return;
        this.#open.set(id, undefined);
        demand.leave();
        this.#order({ type: 'cancel', id });
      },
    };
  }

  /** Whether the process has to stay alive for it, also without a request. */
  keepAwake(awake: boolean): void {
    this.#awake = awake;
    this.#settle();
  }

  /** Asks the thread to go. It does so between two runs of the model, or once the model is loaded. */
  unload(): void {
    this.#leaves = true;
    this.#order({ type: 'unload' });
    this.#settle();
  }

  /** Ends every request with an error. */
  fail(error: Error): void {
    for (const id of this.#open.keys()) this.#close(id, { type: 'error', error });
  }

  /** Blocks until the model is not running, and keeps it from running ever again. */
  close(): void {
    this.#gate.close();
  }

  #order(order: WorkerOrder): void {
    this.#worker.postMessage(order);
  }

  #receive(report: WorkerReport): void {
    if (report.type === 'failed') this.#error = new ModelError(report.error.message, { cause: report.error });
    else if (report.type === 'step') for (const output of report.outputs) this.#pass(output);
    else {
      const { type, ...loaded } = report;
      this.loaded = loaded;
      this.#owner.loaded();
    }
  }

  #pass({ id, events, usage, end }: WorkerOutput): void {
    if (events.length > 0) this.#open.get(id)?.events(events, usage);
    if (end) this.#close(id, end);
  }

  #close(id: number, end: InferenceEnd | { readonly type: 'cancelled' }): void {
    const listener = this.#open.get(id);
    this.#open.delete(id);
    this.#settle();
    if (end.type !== 'cancelled') listener?.end(end);
  }

  /** The thread is gone. */
  #end(code: number): void {
    alive.delete(this);
    if (alive.size === 0) process.off('exit', closeGates);
    const error = this.#error ?? new ThreadDeath(`exit code ${code}`);
    this.fail(error);
    this.#owner.gone(this.#leaves && !this.#error ? undefined : error);
  }

  #settle(): void {
    if (this.#awake || this.#leaves || this.#open.size > 0) this.#worker.ref();
    else this.#worker.unref();
  }
}

const closeGates = (): void => {
  for (const worker of alive) worker.close();
};
