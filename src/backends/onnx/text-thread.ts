import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { InferenceRequest } from '../../runtime/inference-request.ts';
import { SharedConstraint } from './constraint/shared-constraint.ts';
import { SharedReply } from './constraint/shared-reply.ts';
import type { TokenConstraint } from './constraint/token-constraint.ts';
import type { TextOrder, TextReport, TextStart } from './text-protocol.ts';
import { TokenPieces } from './token-pieces.ts';
import type { TurnPlan } from './turn.ts';

/** What is known of a model's tokens once its tokenizer is loaded. */
export type LoadedText = {
  /** What each token writes. */
  readonly pieces: TokenPieces;
  /** The token that tokenizer_config.json gives as the end of a text. */
  readonly endId: number | undefined;
};

/** A plan, and what holds the answer to it. */
export type PlannedTurn = TurnPlan & { readonly constraint?: TokenConstraint };

type Waiting<Value> = { readonly resolve: (value: Value) => void; readonly reject: (error: Error) => void };

/**
 * The thread in which a model's prompts and grammars are made, as the thread sees it in which the model runs. Where it
 * dies, the thread of the model dies of it.
 */
export class TextThread {
  /** Settles once the tokenizer is loaded, or does not load. */
  readonly loaded: Promise<LoadedText>;
  readonly #worker: Worker;
  readonly #planned = new Map<number, Waiting<PlannedTurn>>();
  #load: Waiting<LoadedText> | undefined;
  #failed = false;

  /** Starts it. It loads the tokenizer at once. */
  constructor(start: TextStart) {
    this.loaded = new Promise((resolve, reject) => {
      this.#load = { resolve, reject };
    });
    // Whoever started it may look at something else first.
    this.loaded.catch(() => {});
    // Native code reads the real environment, of which a worker has a mere copy otherwise.
    this.#worker = new Worker(new URL('./text-worker.js', import.meta.url), {
      workerData: start,
      env: SHARE_ENV,
      execArgv: [],
      // A tokenizer makes many new objects when it loads, and few ever after.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    this.#worker.on('message', (report: TextReport) => this.#receive(report));
    this.#worker.on('error', (cause) => {
      throw cause;
    });
    this.#worker.on('exit', (code) => {
      if (!this.#failed) throw new Error(`its text thread ended with exit code ${code}`);
    });
  }

  /** Tells what the model turned out to be, before the first plan. */
  begin(vocabulary: number, stopIds: ReadonlySet<number>): void {
    this.#order({ type: 'model', vocabulary, stopIds: [...stopIds] });
  }

  /**
   * Plans the turn of a request.
   *
   * @throws Error where the request asks for what the model cannot do, or is withdrawn meanwhile.
   */
  plan(id: number, request: InferenceRequest): Promise<PlannedTurn> {
    this.#order({ type: 'plan', id, request });
    return new Promise((resolve, reject) => this.#planned.set(id, { resolve, reject }));
  }

  /** Withdraws a request that waits for its plan. */
  withdraw(id: number): void {
    const waiting = this.#planned.get(id);
    if (!this.#planned.delete(id)) return;
    this.#order({ type: 'leave', id });
    waiting?.reject(new Error('Expected a plan for a request, received its withdrawal'));
  }

  #receive(report: TextReport): void {
    if (report.type === 'loaded') {
      // From now on it runs no native code, and need not be waited for.
      this.#worker.unref();
      this.#load?.resolve({ pieces: new TokenPieces(report.pieces), endId: report.endId });
    } else if (report.type === 'planned') this.#begin(report);
    else if (report.id === undefined) {
      this.#failed = true;
      this.#load?.reject(report.error);
    } else this.#settle(report.id)?.reject(report.error);
  }

  #begin({ id, plan, constraint }: TextReport & { type: 'planned' }): void {
    const planned = constraint ? { ...plan, constraint: this.#constraint(id, constraint) } : plan;
    this.#settle(id)?.resolve(planned);
  }

  #settle(id: number): Waiting<PlannedTurn> | undefined {
    const waiting = this.#planned.get(id);
    this.#planned.delete(id);
    return waiting;
  }

  #constraint(id: number, memory: SharedArrayBuffer): TokenConstraint {
    return new SharedConstraint(
      new SharedReply(memory),
      (token) => this.#order({ type: 'accept', id, token }),
      () => this.#order({ type: 'leave', id }),
    );
  }

  #order(order: TextOrder): void {
    this.#worker.postMessage(order);
  }
}
