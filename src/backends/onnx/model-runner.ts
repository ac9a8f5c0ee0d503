import type { CachePlan } from './cache-plan.ts';
import { type CacheNumbers, cacheNumbers } from './cache-tensor.ts';
import { CompactCache } from './compact-cache.ts';
import type { ExecutionProvider, PassedOver } from './execution-provider.ts';
import { type GraphLayout, readGraphLayout } from './graph-layout.ts';
import { InPlaceCache } from './in-place-cache.ts';
import type { KvCache } from './kv-cache.ts';
import type { LoadOptions } from './load-options.ts';
import type { ModelFiles } from './model-files.ts';
import type { Guard } from './native-gate.ts';
import { type RawScores, scoreRows } from './score-rows.ts';
import { type RunMode, type RunWay, selfTest } from './self-test.ts';
import { openSession, type Session, type Tensor } from './session.ts';
import { isStop, stopOutput } from './stop-output.ts';
import type { Work } from './work.ts';

type Tensors = { [name: string]: Tensor };
type Fetches = { [name: string]: Tensor | null };

/** What one model and its runners share. */
type Graph = Session & { readonly layout: GraphLayout; readonly guard: Guard };

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
  /** How many scores a token has. */
  readonly vocabulary: number;
  readonly #graph: Graph;
  readonly #inPlace: InPlaceCache;
  readonly #compact: CompactCache;
  /** The cache tensors of neighbouring places, by the first of them and their number, as long as the arrays are the same. */
  readonly #views = new Map<string, { readonly past: Tensors; readonly present: Fetches }>();
  #viewed: readonly CacheNumbers[] = [];
  #integers = new BigInt64Array();
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
    options: Pick<LoadOptions, 'executionProviders' | 'threads'>,
    plan: Pick<CachePlan, 'slots' | 'tokens'>,
    guard: Guard = (native) => native(),
    way?: RunWay,
  ): Promise<ModelRunner> {
    const opened = await openSession(files.graph, options);
    const { inputMetadata, outputMetadata } = opened.session;
    const graph = { ...opened, layout: readGraphLayout(inputMetadata, outputMetadata, files.config), guard };
    const trial = (tried: RunWay) => {
      const runner = new ModelRunner(graph, tried, { slots: 2, tokens: 64 });
      return runner.run.bind(runner);
    };
    return new ModelRunner(graph, way ?? (await selfTest(trial, plan.slots)), plan);
  }

  private constructor(graph: Graph, { mode, width }: RunWay, { slots, tokens }: Pick<CachePlan, 'slots' | 'tokens'>) {
    const { caches, chunk, vocabulary, scores } = graph.layout;
    this.executionProvider = graph.executionProvider;
    this.passedOver = graph.passedOver;
    this.mode = mode;
    this.width = width;
    this.chunk = chunk;
    this.vocabulary = vocabulary;
    this.#graph = graph;
    this.#inPlace = new InPlaceCache(caches, slots, tokens);
    this.#compact = new CompactCache(caches, slots);
    this.cache = mode === 'in-place' ? this.#inPlace : this.#compact;
    this.#scores = cacheNumbers(scores, 0);
  }

  /**
   * Computes either one piece of work, or at most `width` of one token each in the order of their places. Gives the scores
   * of the tokens to keep of all of them, a row each, valid until the next run.
   */
  async run(works: readonly Work[]): Promise<Float32Array> {
    for (const { slot, from } of works) this.cache.truncate(slot, from);
    const raw = await (this.mode === 'in-place' ? this.#runInPlace(works) : this.#runCompact(works[0] as Work));
    return raw ? scoreRows(raw, works, this.vocabulary) : new Float32Array();
  }

  /** Places between those of the works ride along: what is written there lies beyond their ends. */
  async #runInPlace(works: readonly Work[]): Promise<RawScores | undefined> {
    const first = (works[0] as Work).slot;
    const places = (works.at(-1) as Work).slot - first + 1;
    const { ids, keep } = works[0] as Work;
    const cache = this.#inPlace;
    cache.reserve(first, places, ids.length);
    const tokens = works.length === 1 ? ids : row(works, first, places);
    const past = Array.from({ length: places }, (_, place) => cache.length(first + place));
    const view = this.#view(first, places);
    const feeds = { ...view.past, ...this.#inputs(tokens, past, keep) };
    const [logits, raw] = this.#logits(first, places, ids.length, keep);
    await this.#stop(feeds, { ...view.present, ...logits });
    for (const { slot, ids } of works) cache.extend(slot, ids.length);
    return raw;
  }

  async #runCompact({ slot, ids, keep, from }: Work): Promise<RawScores | undefined> {
    const { caches } = this.#graph.layout;
    const length = from + ids.length;
    const feeds = {
      ...this.#compactTensors('input', this.#compact.arrays(slot), from),
      ...this.#inputs(ids, [from], keep),
    };
    if (this.mode === 'plain') {
      const names = [...(keep > 0 ? ['logits'] : []), ...caches.map(({ output }) => output)];
      const results = await this.#graph.guard(() => this.#graph.session.run(feeds, names));
      const arrays = caches.map(({ output }) => (results[output] as Tensor).data as CacheNumbers);
      this.#compact.replace(slot, arrays, length);
      if (results.logits === undefined) return undefined;
      const { data, dims } = results.logits;
      return { numbers: data as CacheNumbers, first: slot, each: dims[1] as number };
    }
    const present = this.#compactTensors('output', this.#compact.spare(slot, length), length);
    const [logits, raw] = this.#logits(slot, 1, ids.length, keep);
    await this.#stop(feeds, { ...present, ...logits });
    this.#compact.turn(slot, length);
    return raw;
  }

  /** Runs into preallocated outputs alone. */
  async #stop(feeds: Tensors, fetches: Fetches): Promise<void> {
    const { guard, session } = this.#graph;
    try {
      await guard(() => session.run(feeds, { [stopOutput]: null, ...fetches }));
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

  /** The small inputs: `ids` are the tokens of all rows, which have as many each; `past` is what each row has already. */
  #inputs(ids: readonly number[], past: readonly number[], keep: number): Tensors {
    const { attentionMask, positionIds, logitsToKeep } = this.#graph.layout;
    const rows = past.length;
    const each = ids.length / rows;
    const length = Math.max(...past) + each;
    const mask = attentionMask ? rows * length : 0;
    this.#reserve(2 * ids.length + mask + 1);
    let used = 0;
    const integers = (shape: readonly number[], count: number): [Tensor, BigInt64Array] => {
      const values = this.#integers.subarray(used, used + count);
      used += count;
      return [new this.#graph.runtime.Tensor('int64', values, shape), values];
    };
    const feeds: Tensors = {};
    const [inputIds, tokens] = integers([rows, each], ids.length);
    for (let index = 0; index < ids.length; index++) tokens[index] = BigInt(ids[index] as number);
    feeds.input_ids = inputIds;
    if (attentionMask) {
      const [tensor, ones] = integers([rows, length], mask);
      past.forEach((before, row) => {
        ones.fill(1n, row * length, row * length + before + each);
        ones.fill(0n, row * length + before + each, (row + 1) * length);
      });
      feeds.attention_mask = tensor;
    }
    if (positionIds) {
      const [tensor, positions] = integers([rows, each], ids.length);
      for (let at = 0; at < ids.length; at++)
        positions[at] = BigInt((past[Math.floor(at / each)] as number) + (at % each));
      feeds.position_ids = tensor;
    }
    if (logitsToKeep) {
      const [tensor, values] = integers(logitsToKeep, 1);
      values[0] = BigInt(keep || 1);
      feeds.num_logits_to_keep = tensor;
    }
    return feeds;
  }

  #reserve(count: number): void {
    if (this.#integers.length < count) this.#integers = new BigInt64Array(2 * count);
  }
}

/** The one token of each of some neighbouring places; those that do not take part get any. */
const row = (works: readonly Work[], first: number, places: number): readonly number[] => {
  const tokens = new Array<number>(places).fill(0);
  for (const { slot, ids } of works) tokens[slot - first] = ids[0] as number;
  return tokens;
};
