import { type Backend, run, WorkflowError } from 'millrace';
import { lastValueFrom, type Observable, takeUntil, toArray } from 'rxjs';
import type { Example } from '../example.ts';
import { type Figures, showDuration } from './figures.ts';
import { figuresTable } from './figures-table.ts';
import { formatValue } from './format-value.ts';
import { introduce } from './introduce.ts';
import { Narrator } from './narrator.ts';
import type { Block, Screen } from './screen.ts';
import { showDownload } from './show-download.ts';

/** A model for each role. */
export type Models = Parameters<Example['workflow']>[0];

/** An example and what it reads. */
export type Visit = { readonly example: Example; readonly file: string; readonly text: string };

/** Shows examples on a screen, one after another, and at the end what all their requests cost. */
export class Tour {
  readonly #screen: Screen;
  readonly #models: Models;
  readonly #leave: Observable<number>;
  readonly #figures: (Figures & { readonly example: string })[] = [];
  #code: number | undefined;
  #failed = 0;

  /** `leave` gives an exit code when the tour is to end early. */
  constructor(screen: Screen, models: Models, leave: Observable<number>) {
    this.#screen = screen;
    this.#models = models;
    this.#leave = leave;
  }

  /** Gives the exit code: 0, 1 where an example failed, or what `leave` gave. */
  async take(visits: readonly Visit[]): Promise<number> {
    const start = performance.now();
    const watching = this.#leave.subscribe((code) => {
      this.#code = code;
    });
    try {
      const used = new Set(visits.flatMap(({ example }) => example.roles.map((role) => this.#models[role])));
      for (const model of used) await this.#attempt(() => this.#introduce(model));
      // Without its models no example can run.
      if (this.#failed > 0) return 1;
      for (const visit of visits) await this.#attempt(() => this.#visit(visit));
    } finally {
      watching.unsubscribe();
    }
    if (this.#code !== undefined) return this.#code;
    this.#conclude(visits.length, performance.now() - start);
    return this.#failed === 0 ? 0 : 1;
  }

  /** What a stream gives until it ends or the tour is left. */
  #all<T>(stream: Observable<T>): Promise<T[]> {
    return lastValueFrom(stream.pipe(takeUntil(this.#leave), toArray()));
  }

  async #attempt(part: () => Promise<void>): Promise<void> {
    if (this.#code !== undefined) return;
    try {
      await part();
    } catch (error) {
      this.#failed++;
      this.#screen.print(`  ✗ ${describe(error)}`, 'bad');
    }
  }

  async #introduce(model: Backend): Promise<void> {
    const running = run(introduce(model), 'Hello');
    let download: Block | undefined;
    const telling = running.events.subscribe((event) => {
      if (event.type !== 'download') return;
      download ??= this.#screen.open(`downloading ${event.model}`);
      download.status(showDownload(event));
    });
    try {
      const lines = await this.#all(running);
      download?.end();
      for (const line of lines) this.#screen.print(line, 'good');
    } finally {
      download?.end();
      telling.unsubscribe();
    }
  }

  async #visit({ example, file, text }: Visit): Promise<void> {
    this.#screen.print();
    this.#screen.print(`${example.name} — ${example.about}`, 'heading');
    this.#screen.print(`reads ${file}, ${text.split(/\s+/).length} words`, 'note');
    const narrator = new Narrator(this.#screen);
    const running = run(example.workflow(this.#models), text);
    const telling = running.events.subscribe((event) => narrator.tell(event));
    try {
      const results = await this.#all(running);
      if (this.#code === undefined) this.#showResults(results);
    } finally {
      telling.unsubscribe();
      this.#figures.push(...narrator.figures.map((figures) => ({ example: example.name, ...figures })));
    }
  }

  #showResults(results: readonly unknown[]): void {
    const block = this.#screen.open(results.length === 1 ? 'result' : 'results');
    for (const result of results) block.line(formatValue(result), 'good');
    if (results.length === 0) block.line('none', 'note');
    block.end();
  }

  #conclude(examples: number, milliseconds: number): void {
    this.#screen.print();
    for (const [index, line] of figuresTable(this.#figures, this.#screen.columns).entries()) {
      this.#screen.print(line, index === 0 ? 'title' : 'plain');
    }
    this.#screen.print();
    const failed = this.#failed === 0 ? '' : `, ${this.#failed} failed`;
    const count = examples === 1 ? '1 example' : `${examples} examples`;
    this.#screen.print(`${count} in ${showDuration(milliseconds)}${failed}`, 'note');
  }
}

const describe = (error: unknown): string => {
  const path = error instanceof WorkflowError && error.path.length > 0 ? `${error.path.join(' › ')}: ` : '';
  return path + (error instanceof Error ? error.message : String(error));
};
