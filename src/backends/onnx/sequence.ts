import type { FinishReason } from '../../runtime/inference-event.ts';
import type { Answer } from './answer.ts';
import type { Choice } from './choice.ts';
import type { TokenConstraint } from './constraint/token-constraint.ts';
import { KvCache } from './kv-cache.ts';
import type { ParsedEvent } from './output-parser.ts';
import type { Sampler } from './sampler.ts';
import type { Work } from './work.ts';

/** What a sequence begins with. */
export type SequenceStart = {
  /** The request's number. */
  readonly id: number;
  readonly promptIds: readonly number[];
  readonly sampler: Sampler;
  readonly answer: Answer;
  /** The tokens that end an answer. They are no part of it. */
  readonly stopIds: ReadonlySet<number>;
  /** The most tokens that the answer may take. */
  readonly maxTokens: number;
  /** Holds the answer to a grammar. Belongs to the sequence from now on. */
  readonly constraint?: TokenConstraint;
  /** Chooses the answer among some instead of writing one. */
  readonly choice?: Choice;
};

/** All state of one request: the tokens so far, what is computed of them, and how the next one is found. */
export class Sequence {
  readonly id: number;
  readonly cache: KvCache = new KvCache();
  /** How many tokens the prompt has. */
  readonly input: number;
  /** How many tokens the answer has so far. */
  output = 0;
  /** Milliseconds from its making to its first run. */
  queue: number | undefined;
  /** Why the answer ended; `undefined` while it goes on. */
  reason: FinishReason | undefined;
  /** Whether the answer ended where its grammar or the model let it end, and was not cut off. */
  whole = false;
  /** Whether the request was withdrawn, or has ended. */
  left = false;
  readonly #start: SequenceStart;
  readonly #ids: number[];
  readonly #made = performance.now();
  #choosing = false;

  constructor(start: SequenceStart) {
    this.id = start.id;
    this.input = start.promptIds.length;
    this.#start = start;
    this.#ids = [...start.promptIds];
  }

  /** The tokens of the prompt and of the answer so far. */
  get ids(): readonly number[] {
    return this.#ids;
  }

  /** What to compute next: at most `chunk` tokens of what is not computed yet. */
  next(chunk: number): Work {
    this.queue ??= performance.now() - this.#made;
    const chosen = this.#choosing ? this.#start.choice?.next() : undefined;
    if (chosen) return chosen;
    const from = this.cache.length;
    const ids = this.#ids.slice(from, from + chunk);
    return { ids, cache: this.cache, keep: from + ids.length === this.#ids.length ? 1 : 0 };
  }

  /** Takes the scores that the work of `next` gave, and gives what the answer gained by them. */
  async take(scores: Float32Array): Promise<readonly ParsedEvent[]> {
    const { choice, constraint, sampler, stopIds } = this.#start;
    if (choice) return this.#choose(choice, scores);
    const id = sampler.sample(scores, await constraint?.mask());
    if (stopIds.has(id)) return this.#end('stop', true);
    constraint?.accept(id);
    return this.#write(id, constraint?.finished ?? false);
  }

  /** Lets go of everything that the sequence holds. */
  leave(): void {
    if (this.left) return;
    this.left = true;
    this.cache.clear();
    this.#start.constraint?.dispose();
  }

  #choose(choice: Choice, scores: Float32Array): readonly ParsedEvent[] {
    if (this.#choosing) choice.take(scores);
    else choice.begin(this.cache, scores);
    this.#choosing = true;
    if (!choice.complete) return [];
    const ids = choice.alternatives[this.#start.sampler.sample(choice.scores)] as readonly number[];
    const events: ParsedEvent[] = [];
    for (const [index, id] of ids.entries()) {
      if (this.reason === undefined) events.push(...this.#write(id, index === ids.length - 1));
    }
    return events;
  }

  #write(id: number, last: boolean): readonly ParsedEvent[] {
    const { answer, maxTokens } = this.#start;
    this.#ids.push(id);
    this.output++;
    const events = answer.push(id);
    if (last || answer.stopped) return [...events, ...this.#end('stop', !answer.stopped)];
    return this.output < maxTokens ? events : [...events, ...this.#end('length', false)];
  }

  #end(reason: FinishReason, whole: boolean): readonly ParsedEvent[] {
    const { answer } = this.#start;
    this.whole = whole;
    const events = answer.end();
    this.reason = reason === 'stop' && answer.calls ? 'tool-calls' : reason;
    return events;
  }
}
