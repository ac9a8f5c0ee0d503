import { asyncScheduler } from 'rxjs';
import type { RunEvent, StepKind, StepReport } from './run-event.ts';

/** A place in a run: one step, and where its events go. */
export class Frame {
  readonly run: string;
  readonly parent: Frame | undefined;
  readonly kind: StepKind;
  readonly name: string;
  readonly path: readonly string[];
  readonly #root: Frame;
  readonly #emit: (event: RunEvent) => void;
  #steps = 0;
  #step: string | undefined;

  constructor(kind: StepKind, name: string, at: Frame | { run: string; emit: (event: RunEvent) => void }) {
    this.kind = kind;
    this.name = name;
    this.parent = at instanceof Frame ? at : undefined;
    this.#root = at instanceof Frame ? at.#root : this;
    this.#emit = at instanceof Frame ? at.#emit : at.emit;
    this.run = at.run;
    const above = this.parent?.path ?? [];
    this.path = kind === 'step' ? [...above, name] : above;
  }

  /**
   * Passes an event on. The first one starts the step, and the steps around it where they have not started yet. A step
   * that took no input and did nothing has no end to report.
   */
  report(report: StepReport): void {
    if (this.#step === undefined && ends.has(report.type)) return;
    this.#start();
    if (report.type !== 'start') this.#pass(report);
  }

  #start(): void {
    if (this.#step !== undefined) return;
    if (this.parent !== undefined) this.parent.#start();
    // Steps are made from the last to the first of a chain, and counted as they start.
    this.#step = `${this.run}.${this.#root.#steps++}`;
    this.#pass({ type: 'start' });
  }

  #pass(report: StepReport): void {
    const { run, kind, name, path } = this;
    const place = { run, step: this.#step as string, ...(this.parent && { parent: this.parent.#step as string }) };
    this.#emit({ ...place, kind, name, path, at: asyncScheduler.now(), ...report });
  }
}

const ends: ReadonlySet<string> = new Set(['complete', 'error', 'cancel']);
