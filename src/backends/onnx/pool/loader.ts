import { basename } from 'node:path';
import { type Loaded, ModelWorker } from '../model-worker.ts';
import type { LoadPlan } from './plan-load.ts';
import type { LoadReason, PoolEvent } from './pool-event.ts';
import { PoolPolicy } from './pool-policy.ts';
import type { ModelState, PoolState } from './pool-state.ts';
import type { Hold } from './resident.ts';

/** A model that somebody wants. Equal options are the same model. */
export type Wanted = LoadPlan & { readonly reason: LoadReason };

/** What somebody waits for who waits for a model. */
export type LoadStage = 'waiting' | 'loading' | 'loaded';

/** Who wants a model. */
export type Holder = {
  readonly grant: (worker: ModelWorker) => void;
  readonly fail: (error: Error) => void;
  /** Called where the model is not there yet. */
  readonly reach: (stage: LoadStage) => void;
};

type Model = Omit<Wanted, 'reason'> & { reason: LoadReason; worker?: ModelWorker; began: number };
type Waiting = Holder & { stage?: LoadStage };
type Fact<Event = PoolEvent> = Event extends PoolEvent ? Omit<Event, 'model' | 'folder' | 'at'> : never;

/** How a loaded model runs. */
const runsOf = ({ executionProvider, mode, expanded }: Loaded) => ({ executionProvider, mode, expanded });

/** Does what a pool's policy decides: starts and ends threads, and hands models to those who want them. */
export class Loader {
  readonly #budget: number;
  readonly #policy: PoolPolicy;
  readonly #tell: (event: PoolEvent) => void;
  readonly #models = new Map<string, Model>();
  /** Those whose model is not there yet. */
  readonly #waiting = new Map<Hold, Waiting>();
  /** Events and calls that come once everything is done: whoever hears of them may want something at once. */
  #news: (() => void)[] = [];
  #clock: NodeJS.Timeout | undefined;

  constructor(budget: number, stay: number | undefined, tell: (event: PoolEvent) => void) {
    this.#budget = budget;
    this.#policy = new PoolPolicy(budget, stay);
    this.#tell = tell;
  }

  /** What is in memory, and what waits. */
  get state(): PoolState {
    const models = this.#policy.standings.map(({ key, state, holds }): ModelState => {
      const { options, footprint, worker } = this.#models.get(key) as Model;
      const inMemory = state === 'waiting' ? undefined : worker;
      return {
        name: basename(options.folder),
        folder: options.folder,
        footprint,
        state,
        requests: holds,
        ...(inMemory && { threads: inMemory.threads }),
        ...(inMemory?.loaded && runsOf(inMemory.loaded)),
      };
    });
    return { budget: this.#budget, reserved: this.#policy.reserved, models };
  }

  /** How a model is loaded that is in memory or waits. */
  plan(key: string): LoadPlan | undefined {
    const model = this.#models.get(key);
    return model && { options: model.options, footprint: model.footprint };
  }

  /** Whether a model can be had at once. */
  isLoaded(key: string): boolean {
    return this.#models.get(key)?.worker?.loaded !== undefined;
  }

  /**
   * Wants a model that is within the budget, since a time that tells its turn. Gives what lets go of it; nothing where it
   * is only wanted ahead and there is no room.
   */
  want(key: string, wanted: Wanted, since: number, holder: Holder): (() => void) | undefined {
    const ask = wanted.reason === 'preload' ? 'wantAhead' : 'want';
    const hold = this.#policy[ask](key, wanted.footprint.total, since);
    if (hold === undefined) return undefined;
    if (!this.#models.has(key)) this.#models.set(key, { ...wanted, began: since });
    this.#waiting.set(hold, { ...holder });
    this.#settle();
    return () => {
      this.#waiting.delete(hold);
      this.#policy.release(hold, performance.now());
      this.#settle();
    };
  }

  /** Unloads everything. Whoever holds a model or waits for one fails with the error. */
  async clear(error: Error): Promise<void> {
    const workers = [...this.#models.values()].flatMap(({ worker }) => worker ?? []);
    const leaving = this.#policy.clear();
    for (const key of leaving) this.#models.get(key)?.worker?.unload();
    for (const worker of workers) this.#news.push(() => worker.fail(error));
    for (const { fail } of this.#waiting.values()) this.#news.push(() => fail(error));
    this.#waiting.clear();
    this.#settle();
    await Promise.all(workers.map(({ exited }) => exited));
  }

  #settle(): void {
    const now = performance.now();
    const { load, unload, grant, again } = this.#policy.decide(now);
    clearTimeout(this.#clock);
    if (again !== undefined) this.#clock = setTimeout(() => this.#settle(), Math.ceil(again - now));
    for (const key of load) this.#load(key);
    for (const { key, for: other } of unload) this.#evict(key, other);
    for (const hold of grant) this.#news.push(() => this.#grant(hold));
    this.#review();
    for (const say of this.#news.splice(0)) say();
  }

  /** Follows from where models stand: who is kept awake, what is told to those who wait, which models are forgotten. */
  #review(): void {
    const standings = this.#policy.standings;
    for (const { key, state, holds } of standings) {
      if (state !== 'waiting') this.#models.get(key)?.worker?.keepAwake(holds > 0);
    }
    const loading = new Set(standings.filter(({ state }) => state === 'loading').map(({ key }) => key));
    for (const [{ key, granted }, waiting] of this.#waiting) {
      if (!granted) this.#reach(key, waiting, loading.has(key) ? 'loading' : 'waiting');
    }
    const known = new Set(standings.map(({ key }) => key));
    for (const key of this.#models.keys()) if (!known.has(key)) this.#models.delete(key);
  }

  #reach(key: string, waiting: Waiting, stage: LoadStage): void {
    if (waiting.stage === stage) return;
    waiting.stage = stage;
    this.#news.push(() => waiting.reach(stage));
    if (stage !== 'waiting') return;
    const model = this.#models.get(key) as Model;
    this.#note(model, { type: 'waiting', needed: model.footprint.total, free: this.#budget - this.#policy.reserved });
  }

  #load(key: string): void {
    const model = this.#models.get(key) as Model;
    const worker = new ModelWorker(model.options, {
      loaded: () => {
        if (!this.#policy.loaded(key, performance.now())) return;
        this.#note(model, { type: 'loaded', reason: model.reason, elapsed: performance.now() - model.began });
        this.#settle();
      },
      gone: (error) => this.#gone(key, model, error),
    });
    model.worker = worker;
    model.began = performance.now();
    this.#note(model, { type: 'loading', reason: model.reason });
  }

  #evict(key: string, other: string): void {
    const model = this.#models.get(key) as Model;
    model.worker?.unload();
    this.#note(model, { type: 'evicted', for: basename((this.#models.get(other) as Model).options.folder) });
  }

  #grant(hold: Hold): void {
    const [worker, waiting] = [this.#models.get(hold.key)?.worker, this.#waiting.get(hold)];
    if (worker === undefined || waiting === undefined) return;
    this.#waiting.delete(hold);
    if (waiting.stage) waiting.reach('loaded');
    waiting.grant(worker);
  }

  #gone(key: string, model: Model, error: Error | undefined): void {
    delete model.worker;
    for (const hold of this.#policy.gone(key)) {
      const waiting = this.#waiting.get(hold);
      this.#waiting.delete(hold);
      if (error && waiting) this.#news.push(() => waiting.fail(error));
    }
    this.#note(model, error ? { type: 'failed', error } : { type: 'unloaded' });
    this.#settle();
  }

  #note({ options }: Model, fact: Fact): void {
    const { folder } = options;
    const event = { model: basename(folder), folder, at: Date.now(), ...fact };
    this.#news.push(() => this.#tell(event));
  }
}
