/** A place in the tree of alternatives: what can come next, and the alternative that ends here. */
type Branch = { readonly next: Map<number, Branch>; end?: number };

/** A stretch of the tree without a fork, to be computed in one run. */
export type Stretch = {
  /** The tokens from the prompt's end up to here. */
  readonly before: readonly number[];
  readonly ids: readonly number[];
  readonly to: Branch;
  readonly score: number;
};

/** The most tokens of a stretch: the scores after each of them are wanted at once. */
const longest = 16;

/**
 * Scores whole answers instead of writing one. The score of an alternative is the log-probability that the model writes
 * it next, the sum over its tokens: divided by their number, which would favour long alternatives, it chose the right
 * one in none of 15 ways to ask the embedded model to classify more often, and less often in most. Alternatives that
 * begin alike share the work up to where they part.
 */
export class Choice {
  /** The tokens of each alternative. */
  readonly alternatives: readonly (readonly number[])[];
  /** The score of each alternative, as far as it is known. */
  readonly scores: Float32Array;
  readonly #root: Branch = { next: new Map() };
  readonly #stopIds: ReadonlySet<number>;
  readonly #onlyBest: boolean;
  #pending: readonly Stretch[] = [];

  /**
   * @param alternatives The tokens of each.
   * @param stopIds Tell that an alternative ends where another goes on.
   * @param onlyBest Leaves out what cannot become the best any more. Defaults to `false`, which scores every alternative.
   */
  constructor(alternatives: readonly (readonly number[])[], stopIds: ReadonlySet<number>, onlyBest = false) {
    this.alternatives = alternatives;
    this.scores = new Float32Array(alternatives.length).fill(Number.NEGATIVE_INFINITY);
    this.#stopIds = stopIds;
    this.#onlyBest = onlyBest;
    alternatives.forEach((ids, index) => {
      grow(this.#root, ids).end ??= index;
    });
  }

  /** Whether every alternative that matters has its score. */
  get complete(): boolean {
    const [next] = this.#pending;
    // What is still to come can only lower a score.
    return next === undefined || (this.#onlyBest && next.score <= Math.max(...this.scores));
  }

  /** Begins where a computed prompt ends; `scores` are those of what follows it. */
  begin(scores: Float32Array): void {
    this.#arrive(this.#root, [], 0, scores);
  }

  /** What to compute next; nothing once the choice is complete. */
  get next(): Stretch | undefined {
    return this.complete ? undefined : this.#pending[0];
  }

  /** Takes the scores after the tokens of `next`, one row per token. */
  take(scores: Float32Array): void {
    const [{ before, ids, to, score }, ...others] = this.#pending as [Stretch, ...Stretch[]];
    this.#pending = others;
    const width = scores.length / ids.length;
    const row = (place: number) => scores.subarray(place * width, (place + 1) * width);
    const within = ids.slice(1).map((id, place) => logProbability(row(place), [id]));
    const total = within.reduce((sum, each) => sum + each, score);
    this.#arrive(to, [...before, ...ids], total, row(ids.length - 1));
  }

  /** Keeps the most promising stretch first. */
  #add(stretch: Stretch): void {
    this.#pending = [...this.#pending, stretch].sort((one, other) => other.score - one.score);
  }

  #arrive(branch: Branch, before: readonly number[], score: number, scores: Float32Array): void {
    if (branch.end !== undefined) this.scores[branch.end] = score + logProbability(scores, this.#stopIds);
    for (const [id, child] of branch.next) {
      const reached = score + logProbability(scores, [id]);
      if (child.next.size > 0) this.#add({ ...stretch(id, child), before, score: reached });
      // Nothing else begins with this one, so that where it ends need not be asked.
      else if (child.end !== undefined) this.scores[child.end] = reached;
    }
  }
}

const grow = (root: Branch, ids: readonly number[]): Branch => {
  let branch = root;
  for (const id of ids) {
    const next = branch.next.get(id) ?? { next: new Map() };
    branch.next.set(id, next);
    branch = next;
  }
  return branch;
};

const stretch = (first: number, from: Branch): { ids: readonly number[]; to: Branch } => {
  const ids = [first];
  let to = from;
  while (to.next.size === 1 && to.end === undefined && ids.length < longest) {
    const [[id, branch]] = to.next as unknown as [[number, Branch]];
    if (branch.next.size === 0) break;
    ids.push(id);
    to = branch;
  }
  return { ids, to };
};

/** The log-probability of one of some tokens. */
const logProbability = (scores: Float32Array, ids: Iterable<number>): number =>
  logSum(Array.from(ids, (id) => scores[id] ?? Number.NEGATIVE_INFINITY)) - logSum(scores);

const logSum = (values: Float32Array | readonly number[]): number => {
  let highest = Number.NEGATIVE_INFINITY;
  for (const value of values) if (value > highest) highest = value;
  if (highest === Number.NEGATIVE_INFINITY) return highest;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - highest);
  return highest + Math.log(sum);
};
