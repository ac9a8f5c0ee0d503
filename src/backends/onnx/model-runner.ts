import type { CachePlan } from './cache-plan.ts';
import { type CacheNumbers, cacheNumbers } from './cache-tensor.ts';
import { CompactCache } from './compact-cache.ts';
import type { ExecutionProvider, PassedOver } from './execution-provider.ts';
import { isFaithful } from './expand/is-faithful.ts';
import { type ExpandedSession, openExpanded } from './expand/open-expanded.ts';
import { type GraphLayout, readGraphLayout } from './graph-layout.ts';
import { InPlaceCache } from './in-place-cache.ts';
import type { KvCache } from './kv-cache.ts';
import type { LoadOptions } from './load-options.ts';
import type { ModelFiles } from './model-files.ts';
import { ModelInputs } from './model-inputs.ts';
import type { Guard } from './native-gate.ts';
import { type RawScores, scoreRows } from './score-rows.ts';
import { type RunMode, type RunWay, selfTest } from './self-test.ts';
import { type InferenceSession, openSession, type Session, type Tensor } from './session.ts';
import { isStop, stopOutput } from './stop-output.ts';
import type { Work } from './work.ts';

type Tensors = { [name: string]: Tensor };
type Fetches = { [name: string]: Tensor | null };

/** What computes a run: a form of the model, and those of its weights that are inputs. */
type Form = { readonly session: InferenceSession; readonly weights?: Tensors };

/** What one model and its runners share. */
type Graph = Pick<Session, 'runtime' | 'session' | 'executionProvider' | 'passedOver'> & {
  readonly layout: GraphLayout;
  readonly guard: Guard;
  /** Computes what needs no scores. */
  readonly expanded?: ExpandedSession | undefined;
};

/** The fewest tokens that are computed faster with matrices in single precision. */
const expandedFrom = 56;

/** Computes with ONNX Runtime. Everything that knows tensors is here. */
export class ModelRunner {
  /** How the cache is kept: as the model reads and writes it in place, written anew in turns, or copied by the runtime. */
  readonly mode: RunMode;
  readonly cache: KvCache;
  /** The one that really runs. */
  readonly executionProvider: ExecutionProvider;
  /** Those that were tried before it. */
  readonly passedOver: readonly PassedOver[];
  /** How many sequences one run can compute a token each of. */
  readonly width: number;
  /** The most tokens of a prompt to compute in one run. */
  readonly chunk: number;
  /** Whether prompts are computed with matrices in single precision. */
  readonly expanded: boolean;
  /** How many scores a token has. */
  readonly vocabulary: number;
  readonly #graph: Graph;
  readonly #inPlace: InPlaceCache;
  readonly #compact: CompactCache;
  readonly #inputs: ModelInputs;
  /** The cache tensors of neighbouring places, by the first of them and their number, as long as the arrays are the same. */
  readonly #views = new Map<string, { readonly past: Tensors; readonly present: Fetches }>();
  #viewed: readonly CacheNumbers[] = [];
  #scores: CacheNumbers;

  /**
   * Loads a model and tries out how it is best run.
   *
   * @param guard Surrounds every run.
   * @param way How to run it. Defaults to the fastest way that gives the scores of the plain one.
   * @throws ModelError where the package or the file does not load, or the model is of a kind that is not supported.
   */
  static async load(
    files: Pick<ModelFiles, 'graph' | 'config'>,
    options: Pick<LoadOptions, 'executionProviders' | 'threads' | 'expandWeights'>,
    plan: Pick<CachePlan, 'slots' | 'tokens'>,
    guard: Guard = (native) => native(),
    way?: RunWay,
  ): Promise<ModelRunner> {
    const opened = await openSession(files.graph, options);
    const { inputMetadata, outputMetadata } = opened.session;
    const graph: Graph = { ...opened, layout: readGraphLayout(inputMetadata, outputMetadata, files.config), guard };
    const trial = (tried: RunWay, expanded?: ExpandedSession) => {
      const runner = new ModelRunner({ ...graph, expanded }, tried, { slots: 2, tokens: 64 });
      return runner.run.bind(runner);
    };
    const found = way ?? (await selfTest(trial, plan.slots));
    if (!options.expandWeights || graph.executionProvider !== 'cpu') return new ModelRunner(graph, found, plan);
    // Without it the model does everything by itself.
    const expanded = await openExpanded(graph.runtime, files.graph, options).catch(() => undefined);
    const works = expanded && (await isFaithful(trial(found, expanded), trial(found)).catch(() => false));
    if (!works) await expanded?.session.release();
    return new ModelRunner({ ...graph, ...(works && { expanded }) }, found, plan);
  }

  private constructor(graph: Graph, { mode, width }: RunWay, { slots, tokens }: Pick<CachePlan, 'slots' | 'tokens'>) {
    const { caches, chunk, vocabulary, scores } = graph.layout;
    this.executionProvider = graph.executionProvider;
    this.passedOver = graph.passedOver;
    this.expanded = graph.expanded !== undefined;
    this.mode = mode;
    this.width = width;
    this.chunk = chunk;
    this.vocabulary = vocabulary;
    this.#graph = graph;
    this.#inPlace = new InPlaceCache(caches, slots, tokens);
    this.#compact = new CompactCache(caches, slots);
    this.#inputs = new ModelInputs(graph.runtime, graph.layout);
    this.cache = mode === 'in-place' ? this.#inPlace : this.#compact;
    this.#scores = cacheNumbers(scores, 0);
  }

  /**
   * Computes either one piece of work, or at most `width` of one token each in the order of their places. Gives the scores
   * of the tokens to keep of all of them, a row each, valid until the next run.
   */
  async run(works: readonly Work[]): Promise<Float32Array> {
    for (const { slot, from } of works) this.cache.truncate(slot, from);
    const { expanded } = this.#graph;
    const [{ ids, keep, ...work }] = works as [Work];
    const early = ids.length - keep;
    if (!expanded || early < expandedFrom) return this.#compute(this.#graph, works);
    const scores = await this.#compute(expanded, [{ ...work, ids: ids.slice(0, early), keep: 0 }]);
    if (keep === 0) return scores;
    return this.#compute(this.#graph, [{ ...work, from: work.from + early, ids: ids.slice(early), keep }]);
  }

  async #compute(by: Form, works: readonly Work[]): Promise<Float32Array> {
    const inPlace = this.mode === 'in-place';
    const raw = await (inPlace ? this.#runInPlace(by, works) : this.#runCompact(by, works[0] as Work));
    return raw ? scoreRows(raw, works, this.vocabulary) : new Float32Array();
  }

  /** Places between those of the works ride along: what is written there lies beyond their ends. */
  async #runInPlace(by: Form, works: readonly Work[]): Promise<RawScores | undefined> {
    const first = (works[0] as Work).slot;
    const places = (works.at(-1) as Work).slot - first + 1;
    const { ids, keep } = works[0] as Work;
    const cache = this.#inPlace;
    cache.reserve(first, places, ids.length);
    const tokens = works.length === 1 ? ids : row(works, first, places);
    const past = Array.from({ length: places }, (_, place) => cache.length(first + place));
    const view = this.#view(first, places);
    const feeds = { ...view.past, ...this.#inputs.of(tokens, past, keep) };
    const [logits, raw] = this.#logits(first, places, ids.length, keep);
    await this.#stop(by, feeds, { ...view.present, ...logits });
    for (const { slot, ids } of works) cache.extend(slot, ids.length);
    return raw;
  }

  async #runCompact(by: Form, { slot, ids, keep, from }: Work): Promise<RawScores | undefined> {
    const { caches } = this.#graph.layout;
    const length = from + ids.length;
    const feeds = {
      ...this.#compactTensors('input', this.#compact.arrays(slot), from),
      ...this.#inputs.of(ids, [from], keep),
    };
    if (this.mode === 'plain') {
      const names = [...(keep > 0 ? ['logits'] : []), ...caches.map(({ output }) => output)];
      const results = await this.#graph.guard(() => by.session.run({ ...by.weights, ...feeds }, names));
      const arrays = caches.map(({ output }) => (results[output] as Tensor).data as CacheNumbers);
      this.#compact.replace(slot, arrays, length);
      if (results.logits === undefined) return undefined;
      const { data, dims } = results.logits;
      return { numbers: data as CacheNumbers, first: slot, each: dims[1] as number };
    }
    const present = this.#compactTensors('output', this.#compact.spare(slot, length), length);
    const [logits, raw] = this.#logits(slot, 1, ids.length, keep);
    await this.#stop(by, feeds, { ...present, ...logits });
    this.#compact.turn(slot, length);
    return raw;
  }

  /** Runs into preallocated outputs alone. */
  async #stop({ session, weights }: Form, feeds: Tensors, fetches: Fetches): Promise<void> {
    try {
      await this.#graph.guard(() => session.run({ ...weights, ...feeds }, { [stopOutput]: null, ...fetches }));
    } catch (error) {
      if (!isStop(error)) throw error;
    }
  }

  /** Where the scores of the last `keep` tokens of each place are written to. */
  #logits(first: number, places: number, length: number, keep: number): [Fetches, RawScores | undefined] {
    if (keep === 0) return [{}, undefined];
    const { logitsToKeep, scores } = this.#graph.layout;
    const each = logitsToKeep ? keep : length;
    const count = places * each * this.vocabulary;
    if (this.#scores.length < count) this.#scores = cacheNumbers(scores, count);
    const numbers = this.#scores.subarray(0, count);
    const shape = [places, each, this.vocabulary];
    return [{ logits: new this.#graph.runtime.Tensor(scores, numbers as never, shape) }, { numbers, first, each }];
  }

  #view(first: number, places: number): { readonly past: Tensors; readonly present: Fetches } {
    const { arrays, capacity } = this.#inPlace;
    if (this.#viewed !== arrays) {
      this.#viewed = arrays;
      this.#views.clear();
    }
    const key = `${first}+${places}`;
    const known = this.#views.get(key);
    if (known) return known;
    const [past, present]: [Tensors, Fetches] = [{}, {}];
    this.#graph.layout.caches.forEach(({ input, output, type, heads, size }, index) => {
      const stride = heads * capacity * size;
      const numbers = (arrays[index] as CacheNumbers).subarray(first * stride, (first + places) * stride);
      const tensor = new this.#graph.runtime.Tensor(type, numbers as never, [places, heads, capacity, size]);
      past[input] = tensor;
      present[output] = tensor;
    });
    this.#views.set(key, { past, present });
    return { past, present };
  }

  #compactTensors(side: 'input' | 'output', arrays: readonly CacheNumbers[], length: number): Tensors {
    const tensors: Tensors = {};
    this.#graph.layout.caches.forEach((cache, index) => {
      const { type, heads, size } = cache;
      const numbers = (arrays[index] as CacheNumbers).subarray(0, heads * length * size);
      tensors[cache[side]] = new this.#graph.runtime.Tensor(type, numbers as never, [1, heads, length, size]);
    });
    return tensors;
  }
}

/** The one token of each of some neighbouring places; those that do not take part get any. */
const row = (works: readonly Work[], first: number, places: number): readonly number[] => {
  const tokens = new Array<number>(places).fill(0);
  for (const { slot, ids } of works) tokens[slot - first] = ids[0] as number;
  return tokens;
};
