import type { FinishReason } from '../../runtime/inference-event.ts';
import type { Answer } from './answer.ts';
import type { Choice } from './choice.ts';
import type { TokenConstraint } from './constraint/token-constraint.ts';
import type { Demand } from './demand.ts';
import type { ParsedEvent } from './output-parser.ts';
import type { Sampler } from './sampler.ts';
import type { Candidate } from './scheduler.ts';
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
  /** What its reader wants. Left out, the reader takes everything at once. */
  readonly demand?: Demand;
  /** Higher goes first. Defaults to 0. */
  readonly priority?: number;
};

/** Milliseconds to wait for a constraint after a token: it mostly takes a tenth of one, and saves the answer a turn. */
const grace = 1;

/** All state of one request: the tokens so far, what is computed of them, and how the next one is found. */
export class Sequence implements Candidate {
  readonly id: number;
  readonly priority: number;
  /** How many tokens the prompt has. */
  readonly input: number;
  /** The most tokens that it can come to have. */
  readonly room: number;
  /** How often others had a turn before it. */
  passed = 0;
  /** How often in a row it had a place and was found held. */
  idle = 0;
  /** Its place in the cache, once it has one. */
  slot: number | undefined;
  /** How many of its tokens lie in the cache. */
  computed = 0;
  /** Of the prompt's tokens, those that did not have to be computed. */
  cached = 0;
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
  /** What follows the prompt in the cache while a choice is made. */
  #branch: readonly number[] | undefined;
  /** Whether what the grammar forces after the last token is still to be read. */
  #unread: boolean;
  /** The most tokens that it has had in the cache: what it takes over beyond them did not have to be computed. */
  #reached = 0;
  /** How many outputs its reader was given. */
  #given = 0;

  constructor(start: SequenceStart) {
    this.id = start.id;
    this.priority = start.priority ?? 0;
    this.input = start.promptIds.length;
    this.room = this.input + (start.choice ? longestOf(start.choice.alternatives) : start.maxTokens);
    this.#start = start;
    this.#ids = [...start.promptIds];
    this.#unread = start.constraint !== undefined;
  }

  /** The tokens of the prompt and of the answer so far. */
  get ids(): readonly number[] {
    return this.#ids;
  }

  /** Whether it waits for nothing but its turn; otherwise it waits for its reader or its constraint. */
  get ready(): boolean {
    return !this.held && (!this.#unread || this.pending > 1);
  }

  /** Whether its reader is behind. */
  get held(): boolean {
    return this.#start.demand?.behind(this.#given) ?? false;
  }

  /** Whether its reader has left. */
  get abandoned(): boolean {
    return this.#start.demand?.left ?? false;
  }

  /** Its reader is to say so when it has taken something. */
  rest(): void {
    this.#start.demand?.await();
  }

  /** Its reader is given an output. */
  give(): void {
    this.#given++;
  }

  /** How many tokens wait to be computed. The last of a prompt waits for the constraint, so that its scores can be used. */
  get pending(): number {
    const chosen = this.#chosen;
    return chosen ? chosen.ids.length : this.#ids.length - this.computed - (this.#unread ? 1 : 0);
  }

  /** What to compute next: at most `chunk` tokens of what is not computed yet. */
  next(chunk: number): Work {
    this.queue ??= performance.now() - this.#made;
    const slot = this.slot as number;
    const chosen = this.#chosen;
    if (chosen) return { slot, ...chosen };
    const from = this.computed;
    const ids = this.#ids.slice(from, from + Math.min(chunk, this.pending));
    return { slot, from, ids, keep: from + ids.length === this.#ids.length ? 1 : 0 };
  }

  /** Reads what the grammar forces, if its constraint is ready, and gives what the answer gained by it. */
  settle(): readonly ParsedEvent[] {
    const { constraint } = this.#start;
    if (!this.#unread || !constraint?.ready) return [];
    this.#unread = false;
    const { forced } = constraint;
    const room = this.#start.maxTokens - this.output;
    const events = this.#writeAll(forced.slice(0, room));
    if (this.reason !== undefined) return events;
    if (forced.length <= room && constraint.finished) return [...events, ...this.#end('stop', true)];
    return this.#full ? [...events, ...this.#end('length', false)] : events;
  }

  /** Blocks until the constraint is ready, or for the given milliseconds. */
  wait(milliseconds: number): void {
    this.#start.constraint?.wait(milliseconds);
  }

  /** Takes the scores that the work of `next` gave, one row per token kept, and gives what the answer gained by them. */
  take(scores: Float32Array): readonly ParsedEvent[] {
    const { choice, constraint, sampler, stopIds } = this.#start;
    if (choice) return this.#choose(choice, scores);
    const id = sampler.sample(scores, constraint?.mask);
    if (stopIds.has(id)) return this.#end('stop', true);
    const events = this.#writeAll([id]);
    if (this.reason !== undefined) return events;
    if (constraint === undefined) return this.#full ? [...events, ...this.#end('length', false)] : events;
    constraint.accept(id);
    this.#unread = true;
    constraint.wait(grace);
    return events;
  }

  /** What it computed is in the cache. */
  advance({ from, ids }: Work): void {
    // What is computed for a choice is no part of the answer yet.
    if (this.#branch !== undefined) return;
    this.computed = from + ids.length;
    this.#reached = Math.max(this.#reached, this.computed);
  }

  /** The next tokens are in the cache without having been computed. */
  skip(count: number): void {
    this.computed += count;
    this.cached += Math.max(0, this.computed - Math.max(this.#reached, this.computed - count));
    this.#reached = Math.max(this.#reached, this.computed);
  }

  /** It has lost its place, and what is in the cache with it. */
  park(): void {
    this.computed = 0;
  }

  /** Lets go of everything that the sequence holds. */
  leave(): void {
    if (this.left) return;
    this.left = true;
    this.#start.constraint?.dispose();
  }

  /** What to compute for the choice: as much of its path as is not in the cache, and the scores of its last tokens. */
  get #chosen(): Omit<Work, 'slot'> | undefined {
    const next = this.#branch && this.#start.choice?.next;
    if (this.#branch === undefined || next === undefined) return undefined;
    const path = [...next.before, ...next.ids];
    let shared = 0;
    while (shared < next.before.length && path[shared] === this.#branch[shared]) shared++;
    return { from: this.input + shared, ids: path.slice(shared), keep: next.ids.length };
  }

  #choose(choice: Choice, scores: Float32Array): readonly ParsedEvent[] {
    if (this.#branch === undefined) {
      this.#branch = [];
      choice.begin(scores);
    } else {
      const { before, ids } = choice.next as NonNullable<Choice['next']>;
      this.#branch = [...before, ...ids];
      choice.take(scores);
    }
    if (!choice.complete) return [];
    const ids = choice.alternatives[this.#start.sampler.sample(choice.scores)] as readonly number[];
    const events = this.#writeAll(ids.slice(0, this.#start.maxTokens));
    if (this.reason !== undefined) return events;
    const whole = this.output === ids.length;
    return [...events, ...this.#end(whole ? 'stop' : 'length', whole)];
  }

  get #full(): boolean {
    return this.output >= this.#start.maxTokens;
  }

  /** Adds tokens to the answer, up to one that completes a stop text. */
  #writeAll(ids: readonly number[]): readonly ParsedEvent[] {
    const { answer } = this.#start;
    const events: ParsedEvent[] = [];
    for (const id of ids) {
      this.#ids.push(id);
      this.output++;
      events.push(...answer.push(id));
      if (answer.stopped) return [...events, ...this.#end('stop', false)];
    }
    return events;
  }

  #end(reason: FinishReason, whole: boolean): readonly ParsedEvent[] {
    const { answer } = this.#start;
    this.whole = whole;
    const events = answer.end();
    this.reason = reason === 'stop' && answer.calls ? 'tool-calls' : reason;
    return events;
  }
}

const longestOf = (alternatives: readonly (readonly number[])[]): number =>
  Math.max(...alternatives.map(({ length }) => length));
