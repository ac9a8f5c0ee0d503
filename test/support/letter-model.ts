import { Answer } from '../../src/backends/onnx/answer.ts';
import { Engine, type Runner, type StepOutput } from '../../src/backends/onnx/engine.ts';
import { InPlaceCache } from '../../src/backends/onnx/in-place-cache.ts';
import type { KvCache } from '../../src/backends/onnx/kv-cache.ts';
import { plainParser } from '../../src/backends/onnx/plain-parser.ts';
import { PrefixCache } from '../../src/backends/onnx/prefix-cache.ts';
import { Random } from '../../src/backends/onnx/random.ts';
import { Sampler } from '../../src/backends/onnx/sampler.ts';
import { Sequence, type SequenceStart } from '../../src/backends/onnx/sequence.ts';
import { TokenPieces } from '../../src/backends/onnx/token-pieces.ts';
import type { Work } from '../../src/backends/onnx/work.ts';
import { cacheTensors, pieceOf, tokensAt } from './recognisable-rows.ts';

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEF';
const tensors = cacheTensors();

const pieces = TokenPieces.read({
  model: { vocab: Object.fromEntries([...letters].map((letter, id) => [letter, id])) },
  decoder: { type: 'ByteLevel' },
});

/** The tokens of a text: one for each letter. */
export const spell = (text: string): number[] => [...text].map((letter) => letters.indexOf(letter));

/** The text of tokens. */
export const readLetters = (ids: readonly number[]): string => ids.map((id) => letters[id]).join('');

/** The scores of what follows a text: they depend on all of it. */
export const scoresAfter = (ids: readonly number[]): Float32Array => {
  const random = new Random(ids.reduce((sum, id) => (Math.imul(sum, 31) + id + 7) | 0, ids.length));
  return Float32Array.from(letters, () => 8 * random.next());
};

/** What the model writes after a text, found the plain way. */
export const plainly = (prompt: string, count: number, sampler = new Sampler({})): string => {
  const ids = spell(prompt);
  for (let token = 0; token < count; token++) ids.push(sampler.sample(scoresAfter(ids)));
  return readLetters(ids.slice(prompt.length));
};

/** How a letter model runs. */
export type LetterOptions = {
  readonly chunk?: number;
  readonly width?: number;
  readonly cache?: KvCache;
  /** Comes before each run, and can fail it. */
  readonly before?: (works: readonly Work[], run: number) => void | Promise<void>;
};

/**
 * A model without weights: what it says is reckoned from the tokens in its cache. It refuses what a real runner would not
 * survive.
 */
export class LetterRunner implements Runner {
  readonly chunk: number;
  readonly width: number;
  readonly vocabulary = letters.length;
  readonly cache: KvCache;
  /** What was run so far. */
  readonly runs: (readonly Work[])[] = [];
  readonly #before: NonNullable<LetterOptions['before']>;

  constructor({ chunk = 8, width = 8, cache = new InPlaceCache(tensors, 8, 1000), before }: LetterOptions = {}) {
    this.chunk = chunk;
    this.width = width;
    this.cache = cache;
    this.#before = before ?? (() => {});
  }

  /** How many tokens each run computed, `2x1` where it was one of each of two requests. */
  get shapes(): readonly string[] {
    return this.runs.map((works) => (works.length > 1 ? `${works.length}x1` : `${works[0]?.ids.length}`));
  }

  /** How many tokens were computed. */
  get tokens(): number {
    return this.runs.flat().reduce((sum, { ids }) => sum + ids.length, 0);
  }

  async run(works: readonly Work[]): Promise<Float32Array> {
    this.runs.push(works);
    this.#check(works);
    await this.#before(works, this.runs.length - 1);
    const rows = works.flatMap(({ slot, from, ids, keep }) => {
      this.cache.truncate(slot, from);
      this.cache.append(slot, [pieceOf(ids, tensors)]);
      const all = tokensAt(this.cache, slot, tensors);
      return Array.from({ length: keep }, (_, row) => [...scoresAfter(all.slice(0, all.length - keep + 1 + row))]);
    });
    return Float32Array.from(rows.flat());
  }

  #check(works: readonly Work[]): void {
    const places = works.map(({ slot }) => slot);
    const ascends = places.every((slot, index) => index === 0 || slot > (places[index - 1] as number));
    const fits = works.length === 1 || (works.length <= this.width && works.every(({ ids }) => ids.length === 1));
    const follows = works.every(({ slot, from, ids }) => ids.length > 0 && from <= this.cache.length(slot));
    if (!ascends || !fits || !follows) throw new Error(`Expected work for one run, received ${JSON.stringify(works)}`);
  }
}

/** A request to the letter model. */
export type LetterRequest = Partial<Omit<SequenceStart, 'promptIds'>> & {
  readonly prompt?: string;
  readonly stop?: readonly string[];
};

/** The sequence of a request. It writes five letters of what follows `abc`, unless it is told otherwise. */
export const letterSequence = ({ prompt = 'abc', stop = [], ...start }: LetterRequest = {}): Sequence =>
  new Sequence({
    id: 1,
    promptIds: spell(prompt),
    sampler: new Sampler({}),
    answer: new Answer(pieces, plainParser(), stop),
    stopIds: new Set(),
    maxTokens: 5,
    ...start,
  });

/** An engine on a letter model that knows no beginnings, unless it is told how many tokens of them to keep. */
export const letterEngine = (runner: Runner, { slots = 8, tokens = 1000, prefixes = 0 } = {}): Engine =>
  new Engine(runner, new PrefixCache(prefixes), { slots, tokens });

/** What requests got: their texts, and how they ended. */
export type Answers = Map<number, { text: string; end?: NonNullable<StepOutput['end']> }>;

/** Adds what a step brought to what was there. Nothing may follow an end. */
export const collect = (answers: Answers, outputs: readonly StepOutput[]): void => {
  for (const { id, events, end } of outputs) {
    const answer = answers.get(id) ?? { text: '' };
    if (answer.end) throw new Error(`Expected nothing after the end of request ${id}`);
    for (const event of events) if (event.type === 'token') answer.text += event.text;
    answers.set(id, { ...answer, ...(end && { end }) });
  }
};

/** Works until there is nothing left to do. */
export const workOff = async (engine: Engine, answers: Answers = new Map(), most = 10_000): Promise<Answers> => {
  for (let step = 0; engine.busy; step++) {
    if (step >= most) throw new Error(`Expected an end, received none in ${most} steps`);
    collect(answers, await engine.step());
  }
  return answers;
};
