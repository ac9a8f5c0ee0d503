import { type Candidate, type Limits, Scheduler } from '../../src/backends/onnx/scheduler.ts';

/** One request of a table. */
export type Arrival = {
  readonly id: number;
  /** The step before which it comes. Defaults to 0. */
  readonly at?: number;
  /** Tokens of its prompt. Defaults to 1. */
  readonly prompt?: number;
  /** Tokens of its answer. */
  readonly answer: number;
  readonly priority?: number;
  /** The step before which it is withdrawn. */
  readonly leaves?: number;
  /** For how many steps after each token it is not ready. Defaults to 0. */
  readonly thinks?: number;
};

/** What happened in one step. */
export type Step = {
  /** In line when the step began, in the order of their coming. */
  readonly line: readonly number[];
  readonly admitted: readonly number[];
  /** Those that had a place, and of them those that were ready, when the run was chosen. */
  readonly placed: readonly number[];
  readonly ready: readonly number[];
  /** Those that wanted to compute more than one token. */
  readonly chunks: readonly number[];
  readonly chosen: readonly number[];
  /** Those that have their last token now. */
  readonly ended: readonly number[];
};

/** What a table came to. */
export type Played = { readonly steps: readonly Step[]; readonly text: string };

/** Tokens of one chunk. */
const chunk = 4;
/** No table here takes nearly as long. */
const mostSteps = 5000;

/** A request without a model: it only counts. */
class Player implements Candidate {
  readonly id: number;
  readonly priority: number;
  readonly room: number;
  passed = 0;
  readonly held = false;
  idle = 0;
  written = 0;
  thinking = 0;
  readonly #arrival: Arrival;
  #left: number;

  constructor(arrival: Arrival) {
    const { id, priority = 0, prompt = 1, answer } = arrival;
    this.id = id;
    this.priority = priority;
    this.room = prompt + answer;
    this.#arrival = arrival;
    this.#left = prompt;
  }

  get pending(): number {
    return Math.max(1, this.#left);
  }

  get ready(): boolean {
    return this.thinking === 0;
  }

  get ended(): boolean {
    return this.written === this.#arrival.answer;
  }

  /** The last tokens of the prompt give the first one of the answer. */
  run(): void {
    this.#left = Math.max(0, this.#left - chunk);
    if (this.#left > 0) return;
    this.written++;
    this.thinking = this.#arrival.thinks ?? 0;
  }
}

/**
 * Plays a table of requests to its end. The text has a line for each of them and a column for each step: `.` where it
 * waits in line, `-` where it has a place and nothing is computed of it, `C` where a chunk is, `w` where a token is.
 */
export const play = (table: readonly Arrival[], limits: Limits): Played => {
  const scheduler = new Scheduler<Player>(limits);
  const steps: Step[] = [];
  const marks = new Map(table.map(({ id }) => [id, '']));
  const line: number[] = [];
  const take = (id: number) => line.includes(id) && line.splice(line.indexOf(id), 1);
  const last = Math.max(...table.map(({ at = 0, leaves = 0 }) => Math.max(at, leaves)));
  for (let now = 0; now <= last || scheduler.waiting.length + scheduler.running.length > 0; now++) {
    if (now > mostSteps) throw new Error(`Expected a table that ends, received ${mostSteps} steps`);
    for (const arrival of table) {
      if ((arrival.at ?? 0) === now) {
        scheduler.add(new Player(arrival));
        line.push(arrival.id);
      }
      if (arrival.leaves === now && scheduler.remove(arrival.id)) take(arrival.id);
    }
    const before = [...line];
    const admitted: number[] = [];
    for (let next = scheduler.admit(); next; next = scheduler.admit()) {
      admitted.push(next.id);
      take(next.id);
    }
    const ready = scheduler.running.filter((member) => member.ready);
    const seen = {
      line: before,
      admitted,
      placed: idsOf(scheduler.running),
      ready: idsOf(ready),
      chunks: idsOf(ready.filter(({ pending }) => pending > 1)),
    };
    const chosen = scheduler.schedule();
    for (const [id, marked] of marks) {
      const mark = chosen.some((member) => member.id === id)
        ? seen.chunks.includes(id)
          ? 'C'
          : 'w'
        : seen.placed.includes(id)
          ? '-'
          : line.includes(id)
            ? '.'
            : ' ';
      marks.set(id, marked + mark);
    }
    for (const member of scheduler.running) if (member.thinking > 0) member.thinking--;
    for (const member of chosen) member.run();
    const ended = chosen.filter((member) => member.ended);
    for (const { id } of ended) scheduler.remove(id);
    steps.push({ ...seen, chosen: idsOf(chosen), ended: idsOf(ended) });
  }
  return { steps, text: [...marks].map(([id, marked]) => `${id} ${marked}`.trimEnd()).join('\n') };
};

const idsOf = (members: readonly Player[]): readonly number[] => members.map(({ id }) => id);
