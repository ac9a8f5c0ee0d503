import { asyncScheduler } from 'rxjs';
import type { RunEvent, StepKind, StepReport } from './run-event.ts';

/** A place in a run: one step, and where its events go. */
export class Frame {
  readonly run: string;
  readonly step: string;
  readonly parent: Frame | undefined;
  readonly kind: StepKind;
  readonly name: string;
  readonly path: readonly string[];
  readonly #root: Frame;
  readonly #emit: (event: RunEvent) => void;
  #steps = 0;
  #started = false;

  constructor(kind: StepKind, name: string, at: Frame | { run: string; emit: (event: RunEvent) => void }) {
    this.kind = kind;
    this.name = name;
    this.parent = at instanceof Frame ? at : undefined;
    this.#root = at instanceof Frame ? at.#root : this;
    this.#emit = at instanceof Frame ? at.#emit : at.emit;
    this.run = at.run;
    this.step = `${this.run}.${this.#root.#steps++}`;
    const above = this.parent?.path ?? [];
    this.path = kind === 'step' ? [...above, name] : above;
  }

  /** Passes an event on. A step that took no input has nothing to report. */
  report(report: StepReport): void {
    if (this.#started === (report.type === 'start')) return;
    this.#started = true;
    const { run, step, parent, kind, name, path } = this;
    const place = { run, step, ...(parent && { parent: parent.step }), kind, name, path };
    this.#emit({ ...place, at: asyncScheduler.now(), ...report });
  }
}
