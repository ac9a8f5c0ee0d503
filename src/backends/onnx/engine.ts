import type { FinishReason, Usage } from '../../runtime/inference-event.ts';
import type { ParsedEvent } from './output-parser.ts';
import { Scheduler } from './scheduler.ts';
import type { Sequence } from './sequence.ts';
import type { Work } from './work.ts';

/** What one step brought to one request. */
export type StepOutput = {
  readonly id: number;
  readonly events: readonly ParsedEvent[];
  /** Present on the last output of a request. */
  readonly end?:
    | { readonly reason: FinishReason; readonly usage: Usage; readonly queue: number; readonly whole: boolean }
    | { readonly error: unknown };
};

/** The part of a model that computes. */
export type Runner = {
  /** The most tokens of a prompt to compute in one run: what others, and a reader who leaves, wait for. */
  readonly chunk: number;
  /** Computes, and gives the scores after the last `keep` tokens, one row each. Nothing where `keep` is 0. */
  run(work: Work): Promise<Float32Array | undefined>;
};

/** Requests that are computed side by side; the others wait in line. */
const places = 8;

/** Writes the answers of many requests with one model. */
export class Engine {
  readonly #runner: Runner;
  readonly #scheduler: Scheduler<Sequence> = new Scheduler(places);

  constructor(runner: Runner) {
    this.#runner = runner;
  }

  /** Whether there is anything to do. */
  get busy(): boolean {
    return this.#scheduler.busy;
  }

  add(sequence: Sequence): void {
    this.#scheduler.add(sequence);
  }

  /** Withdraws a request, wherever it stands. It gets no further output. */
  cancel(id: number): void {
    this.#scheduler.remove(id)?.leave();
  }

  /** Runs the model once, for the sequence whose turn it is. */
  async step(): Promise<readonly StepOutput[]> {
    const sequence = this.#scheduler.schedule();
    if (sequence === undefined) return [];
    try {
      const scores = await this.#runner.run(sequence.next(this.#runner.chunk));
      return sequence.left || scores === undefined ? [] : await this.#postprocess(sequence, scores);
    } catch (error) {
      const withdrawn = sequence.left;
      this.cancel(sequence.id);
      return withdrawn ? [] : [{ id: sequence.id, events: [], end: { error } }];
    }
  }

  async #postprocess(sequence: Sequence, scores: Float32Array): Promise<readonly StepOutput[]> {
    const { id } = sequence;
    const events = await sequence.take(scores);
    const { reason, input, output, queue = 0, whole } = sequence;
    if (reason === undefined) return events.length === 0 ? [] : [{ id, events }];
    this.cancel(id);
    return [{ id, events, end: { reason, usage: { input, cached: 0, output }, queue, whole } }];
  }
}
