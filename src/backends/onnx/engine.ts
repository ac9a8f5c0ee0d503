import { setImmediate, setTimeout } from 'node:timers/promises';
import type { FinishReason, Usage } from '../../runtime/inference-event.ts';
import type { KvCache } from './kv-cache.ts';
import type { ParsedEvent } from './output-parser.ts';
import type { PrefixCache } from './prefix-cache.ts';
import { type Limits, Scheduler } from './scheduler.ts';
import type { Sequence } from './sequence.ts';
import { Slots } from './slots.ts';
import type { Work } from './work.ts';

/** What one step brought to one request. */
export type StepOutput = {
  readonly id: number;
  readonly events: readonly ParsedEvent[];
  /** What the request has taken so far, while it goes on. */
  readonly usage?: Usage;
  /** Present on the last output of a request. */
  readonly end?:
    | { readonly reason: FinishReason; readonly usage: Usage; readonly queue: number; readonly whole: boolean }
    | { readonly error: unknown };
};

/** The part of a model that computes. */
export type Runner = {
  /** The most tokens of a prompt to compute in one run: what a reader who leaves waits for. */
  readonly chunk: number;
  /** How many sequences one run can compute a token each of. */
  readonly width: number;
  /** How many scores a token has. */
  readonly vocabulary: number;
  readonly cache: KvCache;
  /**
   * Computes either one piece of work, or several of one token each in the order of their places. Gives the scores of the
   * tokens to keep of all of them, a row each, valid until the next run.
   */
  run(works: readonly Work[]): Promise<Float32Array>;
};

/** The most tokens of a prompt to compute in one run while there are others. */
const sharedChunk = 64;
/** Milliseconds to wait for constraints where nothing else is to do. */
const pause = 5;

/** Writes the answers of many requests with one model: each step is schedule, run, postprocess. */
export class Engine {
  readonly #runner: Runner;
  readonly #prefixes: PrefixCache;
  readonly #scheduler: Scheduler<Sequence>;
  readonly #slots: Slots<Sequence>;
  /** Those that were withdrawn during a run: their places are free after it. */
  readonly #withdrawn: Sequence[] = [];
  /** Those of which more is computed than is kept. */
  readonly #fresh = new Set<Sequence>();
  #running = false;
  /** Whether everybody waits for a reader who is behind. */
  #resting = false;

  constructor(runner: Runner, prefixes: PrefixCache, limits: Omit<Limits, 'width'>) {
    this.#runner = runner;
    this.#prefixes = prefixes;
    this.#scheduler = new Scheduler({ ...limits, width: runner.width });
    this.#slots = new Slots(runner.cache);
  }

  /** Whether there is anything to do. */
  get busy(): boolean {
    return !this.#resting && this.#scheduler.running.length + this.#scheduler.waiting.length > 0;
  }

  add(sequence: Sequence): void {
    this.#scheduler.add(sequence);
    this.resume();
  }

  /** A reader who was behind has taken something. */
  resume(): void {
    this.#resting = false;
  }

  /** Withdraws a request, wherever it stands. It gets no further output. */
  cancel(id: number): void {
    const sequence = this.#scheduler.remove(id);
    if (sequence === undefined) return;
    this.resume();
    sequence.leave();
    if (this.#running) this.#withdrawn.push(sequence);
    else this.#free(sequence);
  }

  /** Does everything up to the end of the next run of the model. */
  async step(): Promise<readonly StepOutput[]> {
    // While there is company that could use it. Else at its end, so that the first token of a prompt waits for no copying.
    if (this.#company) for (const sequence of this.#fresh) this.#keep(sequence);
    this.#admit();
    const { running } = this.#scheduler;
    // The order to withdraw them is on its way; until it is read, the model could run for nobody.
    for (const { id, abandoned } of [...running]) if (abandoned) this.cancel(id);
    const settled = this.#settle();
    const chosen = this.#scheduler.schedule();
    if (chosen.length > 0) return [...settled, ...(await this.#compute(chosen))];
    const thinking = running.find(({ held }) => !held);
    if (thinking) thinking.wait(pause);
    this.#rest();
    // Without a run nothing else would let orders in.
    await (thinking ? setImmediate() : setTimeout(1));
    return settled;
  }

  /** Gives places to those in line, also the places of those whose readers are behind. */
  #admit(): void {
    for (;;) {
      for (let next = this.#scheduler.admit(); next; next = this.#scheduler.admit()) this.#slots.add(next);
      const parked = this.#scheduler.park();
      if (parked === undefined) return;
      this.#free(parked);
      parked.park();
    }
  }

  #rest(): void {
    for (const sequence of this.#all) sequence.rest();
    // One may have taken something before it could know that it is waited for.
    this.#resting = this.#all.every(({ held }) => held);
  }

  get #all(): readonly Sequence[] {
    return [...this.#scheduler.running, ...this.#scheduler.waiting];
  }

  /** Reads what constraints force, wherever one has become ready. */
  #settle(): readonly StepOutput[] {
    return [...this.#scheduler.running].flatMap((sequence) =>
      sequence.held ? [] : this.#attempt(sequence, () => sequence.settle()),
    );
  }

  async #compute(chosen: readonly Sequence[]): Promise<readonly StepOutput[]> {
    try {
      for (const sequence of chosen) this.#reuse(sequence);
      return await this.#run(this.#slots.arrange(chosen));
    } catch (error) {
      if (chosen.length === 1) return chosen.flatMap((sequence) => this.#fail(sequence, error));
      // One of them is at fault: alone, each finds out whether it is the one.
      const outputs: StepOutput[] = [];
      for (const sequence of chosen) if (!sequence.left) outputs.push(...(await this.#compute([sequence])));
      return outputs;
    }
  }

  async #run(sequences: readonly Sequence[]): Promise<readonly StepOutput[]> {
    const works = sequences.map((sequence) => sequence.next(this.#chunk));
    this.#running = true;
    try {
      return this.#postprocess(sequences, works, await this.#runner.run(works));
    } finally {
      this.#running = false;
      for (const sequence of this.#withdrawn.splice(0)) this.#free(sequence);
    }
  }

  /** Whether there is more than one request. */
  get #company(): boolean {
    const { running, waiting } = this.#scheduler;
    return running.length + waiting.length > 1;
  }

  get #chunk(): number {
    return this.#company ? Math.min(sharedChunk, this.#runner.chunk) : this.#runner.chunk;
  }

  #postprocess(sequences: readonly Sequence[], works: readonly Work[], scores: Float32Array): readonly StepOutput[] {
    const { vocabulary } = this.#runner;
    const outputs: StepOutput[] = [];
    let row = 0;
    sequences.forEach((sequence, index) => {
      const work = works[index] as Work;
      sequence.advance(work);
      if (work.ids.length > 1) this.#fresh.add(sequence);
      const rows = scores.subarray(row * vocabulary, (row + work.keep) * vocabulary);
      row += work.keep;
      if (work.keep > 0 && !sequence.left) outputs.push(...this.#attempt(sequence, () => sequence.take(rows)));
    });
    return outputs;
  }

  /** What a sequence gains, and its end where that was the last of it. */
  #attempt(sequence: Sequence, gain: () => readonly ParsedEvent[]): readonly StepOutput[] {
    try {
      const events = gain();
      const { id, reason, input, cached, output, queue = 0, whole } = sequence;
      if (events.length > 0) sequence.give();
      const usage = { input, cached, output };
      if (reason === undefined) return events.length === 0 ? [] : [{ id, events, usage }];
      this.cancel(id);
      return [{ id, events, end: { reason, usage, queue, whole } }];
    } catch (error) {
      return this.#fail(sequence, error);
    }
  }

  #fail(sequence: Sequence, error: unknown): readonly StepOutput[] {
    const { id, left } = sequence;
    this.cancel(id);
    return left ? [] : [{ id, events: [], end: { error } }];
  }

  /** Takes over what is known of its prompt, but for one token at least: a run has to compute something. */
  #reuse(sequence: Sequence): void {
    const { slot, computed, ids, pending } = sequence;
    if (slot === undefined || pending <= 1 || computed >= sequence.input) return;
    const pieces = this.#prefixes.match(ids.slice(0, computed + pending - 1), computed);
    if (pieces.length === 0) return;
    this.#runner.cache.truncate(slot, computed);
    this.#runner.cache.append(slot, pieces);
    sequence.skip(pieces.reduce((sum, { count }) => sum + count, 0));
  }

  /** Keeps what is computed of a sequence for others that begin alike. */
  #keep(sequence: Sequence): void {
    const { slot, ids, computed } = sequence;
    this.#fresh.delete(sequence);
    if (slot === undefined) return;
    try {
      this.#prefixes.insert(ids.slice(0, computed), (from, to, spare) =>
        this.#runner.cache.read(slot, from, to, spare),
      );
    } catch {
      // There may be no memory for it. What is not kept is computed again.
    }
  }

  #free(sequence: Sequence): void {
    this.#keep(sequence);
    this.#slots.remove(sequence);
  }
}
