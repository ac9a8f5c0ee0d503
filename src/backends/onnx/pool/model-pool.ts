import { basename } from 'node:path';
import { defer, from, Observable, of, Subject, switchMap } from 'rxjs';
import { checkOptions } from '../../../runtime/check-options.ts';
import { expected } from '../../../runtime/expected.ts';
import type { LoadOptions } from '../load-options.ts';
import { ModelError } from '../model-error.ts';
import type { ModelWorker } from '../model-worker.ts';
import { byteCount } from './byte-count.ts';
import { defaultBudget } from './default-budget.ts';
import { type Holder, Loader, type Wanted } from './loader.ts';
import { neverFits } from './never-fits.ts';
import { type LoadPlan, planLoad } from './plan-load.ts';
import type { LoadReason, PoolEvent } from './pool-event.ts';
import type { PoolState } from './pool-state.ts';

/** How a pool is made. */
export type ModelPoolOptions = {
  /**
   * The most that its models may take together: bytes, or a text such as `'2 GB'` or `'512 MiB'` (kB, MB and GB count in
   * thousands, KiB, MiB and GiB in 1024s). Defaults to half of what the machine has, or of what its container may have.
   */
  readonly budget?: number | string;
  /**
   * Milliseconds that a model stays in memory at least, before it makes room for another. Defaults to what its loading
   * took, and at least 500: two models in turns spend at most half of their time loading.
   */
  readonly minimumStay?: number;
};

/** A model that is held: its thread, and how many milliseconds were waited for it. */
export type HeldModel = { readonly worker: ModelWorker; readonly waited: number };

/**
 * The models in memory, under a budget. `onnx(model, { pool })` keeps its model in one; without `pool` that is
 * {@link ModelPool.shared}.
 *
 * A desk of a certain size: what is needed is laid on it, and what has not been needed for a while goes back to the shelf.
 *
 * A model is loaded for its first request, once for all who ask, and stays until its room is needed: then the idle model
 * leaves that is quickest to bring back for the time it has been idle. Where every model is in use, requests wait, in order.
 * A request to a model that is loaded has it at once; only where another has waited longer than the minimum stay for the
 * room of a model in constant use, new requests to that one stand in line too. A model that never fits is refused. What a
 * model takes is its {@link footprint}, known before it is loaded.
 *
 * An idle model keeps no process alive. What a model frees is free for the next one, but the C library of Linux keeps much
 * of it from the system: a program that is to shrink when models leave is started with `MALLOC_TRIM_THRESHOLD_=131072`.
 *
 * @example
 * ```ts
 * const pool = new ModelPool({ budget: '2 GB' });
 * pool.events.subscribe((event) => console.error(event.type, event.model));
 * const [small, large] = [onnx('models/small', { pool }), onnx('models/large', { pool })];
 * ```
 *
 * @throws TypeError, RangeError when it is made with an option that is unknown or of the wrong kind.
 */
export class ModelPool {
  /** The process's own pool. */
  static readonly shared: ModelPool = new ModelPool();
  /** What happens, as it happens. Past events are not kept; it never ends. */
  readonly events: Observable<PoolEvent>;
  readonly #budget: number;
  readonly #loader: Loader;
  readonly #events = new Subject<PoolEvent>();
  readonly #plans = new Map<string, Promise<LoadPlan>>();
  #closings = 0;

  constructor(options: ModelPoolOptions = {}) {
    checkOptions('ModelPool', options, ['budget', 'minimumStay']);
    const { budget, minimumStay } = options;
    const bytes = budget === undefined ? defaultBudget() : byteCount(budget);
    if (bytes === undefined) {
      throw new RangeError(expected('`budget`', "a number of bytes, or a text such as '2 GB'", budget));
    }
    if (minimumStay !== undefined && !(minimumStay >= 0 && minimumStay < Number.POSITIVE_INFINITY)) {
      throw new RangeError(expected('`minimumStay`', 'a number of milliseconds', minimumStay));
    }
    this.#budget = bytes;
    this.#loader = new Loader(bytes, minimumStay, (event) => this.#events.next(event));
    this.events = this.#events.asObservable();
  }

  /** What it holds now. */
  state(): PoolState {
    return this.#loader.state;
  }

  /**
   * Unloads every model, and resolves when their memory is free. Requests that run or wait fail. The pool can be used
   * again: the next request loads its model anew.
   */
  close(): Promise<void> {
    this.#closings++;
    return this.#loader.clear(closed());
  }

  /**
   * Gives a model once it is loaded, and keeps it until unsubscribed. Where it is only to be loaded ahead and there is no
   * room, it completes without one. Fails with a ThreadDeath where trying again may help.
   *
   * @internal
   */
  hold(options: LoadOptions, reason: LoadReason, reach: Holder['reach'] = () => {}): Observable<HeldModel> {
    return defer(() => {
      const [key, since, closings] = [JSON.stringify(options), performance.now(), this.#closings];
      const known = this.#loader.plan(key);
      return (known ? of(known) : from(this.#plan(key, options))).pipe(
        switchMap((plan) => {
          if (closings !== this.#closings) throw closed();
          this.#checkFit(plan);
          return this.#want(key, { ...plan, reason }, since, reach);
        }),
      );
    });
  }

  /** @internal */
  isLoaded(options: LoadOptions): boolean {
    return this.#loader.isLoaded(JSON.stringify(options));
  }

  #want(key: string, wanted: Wanted, since: number, reach: Holder['reach']): Observable<HeldModel> {
    return new Observable((reader) => {
      let waits = false;
      const leave = this.#loader.want(key, wanted, since, {
        reach: (stage) => {
          waits = true;
          reach(stage);
        },
        grant: (worker) => reader.next({ worker, waited: waits ? performance.now() - since : 0 }),
        fail: (error) => reader.error(error),
      });
      if (leave === undefined) reader.complete();
      return leave;
    });
  }

  /** Files are looked at once for all who ask at the same time. */
  #plan(key: string, options: LoadOptions): Promise<LoadPlan> {
    const plan = this.#plans.get(key) ?? planLoad(options, this.#budget).finally(() => this.#plans.delete(key));
    this.#plans.set(key, plan);
    return plan;
  }

  #checkFit({ options: { folder }, footprint }: LoadPlan): void {
    const [needed, budget] = [footprint.total, this.#budget];
    if (needed <= budget) return;
    const model = basename(folder);
    this.#events.next({ type: 'refused', model, folder, at: Date.now(), needed, budget });
    throw neverFits(model, footprint, budget);
  }
}

const closed = (): ModelError =>
  new ModelError(
    'Expected a model to stay until its answer was whole, found its pool closed: ask again to load it anew',
  );
