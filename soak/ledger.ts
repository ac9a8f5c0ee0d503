import type { AdmitState, FinishEvent } from 'millrace';
import type { Observable } from 'rxjs';
import { Chance } from './chance.ts';
import type { Outcome } from './perform.ts';
import type { Script } from './script.ts';

/** One request to a model: what it is to say, and how that has to end. */
export type Visit = {
  readonly work: Work;
  readonly script: Script;
  /** How the answer begins that the model was given; empty where it had to begin itself. */
  readonly prefix: string;
  /** Draws how the model behaves. */
  readonly chance: Chance;
  /** The share of models that misbehave. */
  readonly ill: number;
  outcome: Outcome | undefined;
};

/** One workflow under way. */
export class Work {
  readonly number: number;
  readonly ledger: Ledger;
  name = '';
  /** Draws for it. */
  readonly chance: Chance;
  /** The share of models that misbehave. */
  readonly ill: number;
  /** What goes on within it. */
  readonly visits = new Set<Visit>();
  readonly tools = new Set<string>();
  /** Its own waiting rooms. */
  readonly rooms: Observable<AdmitState>[] = [];
  /** Requests that the server has open for it. */
  open = 0;
  asked = 0;
  /** The answers that were finished. */
  readonly answers = new Set<string>();
  readonly paid = new Set<string>();
  over = false;

  constructor(number: number, ledger: Ledger) {
    this.number = number;
    this.ledger = ledger;
    this.chance = new Chance(ledger.seed, number);
    this.ill = this.chance.pick([0.05, 0.2, 0.4, 0.8]);
  }

  complain(problem: string): void {
    this.ledger.problems.push(`workflow ${this.number}, ${this.name}: ${problem}`);
  }

  /** Nothing may run any more. */
  end(how: string): void {
    this.over = true;
    for (const { script, outcome } of this.visits)
      this.complain(`request ${script.number} (${JSON.stringify(outcome)}) runs on after ${how}`);
    for (const tool of this.tools) this.complain(`the tool ${tool} runs on after ${how}`);
  }

  /** What it waits for. */
  get state(): string {
    const visits = [...this.visits].map(({ script, outcome }) => `${script.number} ${JSON.stringify(outcome)}`);
    return `requests [${visits}], tools [${[...this.tools]}], ${this.open} open on the server`;
  }
}

/** Who asks, what was said, and what went wrong. */
export class Ledger {
  readonly works = new Map<number, Work>();
  readonly visits = new Map<number, Visit>();
  readonly problems: string[] = [];
  readonly #counts = new Map<string, Map<string, number>>();
  #numbers = 0;
  readonly seed: number;

  constructor(seed: number) {
    this.seed = seed;
  }

  nextNumber(): number {
    return ++this.#numbers;
  }

  /** Begins a workflow. */
  begin(number: number): Work {
    const work = new Work(number, this);
    this.works.set(number, work);
    return work;
  }

  /** Forgets a workflow. */
  forget(work: Work): void {
    this.works.delete(work.number);
    for (const [number, visit] of this.visits) if (visit.work === work) this.visits.delete(number);
  }

  /** Whose words a finished answer has. */
  speaker({ served }: FinishEvent): Visit | undefined {
    return this.visits.get(Number(served.model.replace('model-', '')));
  }

  count(table: string, name: string): void {
    const rows = this.#counts.get(table) ?? new Map<string, number>();
    this.#counts.set(table, rows.set(name, (rows.get(name) ?? 0) + 1));
  }

  /** How often each thing has happened, the most frequent first. */
  get counts(): { readonly [table: string]: { readonly [name: string]: number } } {
    const sorted = (rows: Map<string, number>) => [...rows].sort(([, one], [, other]) => other - one);
    return Object.fromEntries([...this.#counts].map(([table, rows]) => [table, Object.fromEntries(sorted(rows))]));
  }
}
