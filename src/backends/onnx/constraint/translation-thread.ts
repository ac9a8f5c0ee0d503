import { Worker } from 'node:worker_threads';
import type { GrammarSource } from '../grammar-source.ts';
import { Recent } from '../recent.ts';
import type { SchemaGrammar } from './schema-grammar.ts';

/** Takes a grammar, or why there is none. */
export type TakeGrammar = (outcome: SchemaGrammar | Error) => void;

/** Who waits for the grammar of a source. */
type Task = { readonly source: GrammarSource; readonly waiting: Set<TakeGrammar> };

/** Milliseconds. The slowest schemas of the official tests take a fifth of a second. */
const patience = 30_000;
const mostMegabytes = 1024;

/**
 * Makes grammars in a thread of its own, one after another, so that nobody's next token waits for one. The thread starts
 * with the first of them. It holds nothing but JavaScript, and can be ended at any time: when all leave who wait for what
 * it does, or when that takes too long.
 */
export class TranslationThread {
  readonly #patience: number;
  readonly #known = new Recent<SchemaGrammar>(64);
  /** By their sources; the first of them is being done. */
  readonly #tasks = new Map<string, Task>();
  #worker: Worker | undefined;
  #clock: NodeJS.Timeout | undefined;

  /** @param milliseconds How long one may take. Defaults to 30,000. */
  constructor(milliseconds: number = patience) {
    this.#patience = milliseconds;
  }

  /** Gives the grammar of a source: one of the latest 64 at once, any other later, unless what comes back is called before. */
  translate(source: GrammarSource, take: TakeGrammar): (() => void) | undefined {
    const key = JSON.stringify(source);
    const known = this.#known.find(key);
    if (known) {
      take(known);
      return undefined;
    }
    const task = this.#tasks.get(key) ?? { source, waiting: new Set() };
    task.waiting.add(take);
    if (!this.#tasks.has(key)) {
      this.#tasks.set(key, task);
      if (this.#tasks.size === 1) this.#begin();
    }
    return () => this.#leave(key, task, take);
  }

  #leave(key: string, task: Task, take: TakeGrammar): void {
    task.waiting.delete(take);
    if (task.waiting.size > 0 || this.#tasks.get(key) !== task) return;
    const [first] = this.#tasks.values();
    this.#tasks.delete(key);
    if (first !== task) return;
    this.#stop();
    this.#begin();
  }

  #begin(): void {
    const [task] = this.#tasks.values();
    if (task === undefined) return;
    this.#worker ??= this.#start();
    this.#worker.postMessage(task.source);
    this.#clock = setTimeout(() => {
      this.#stop();
      const limit = `within ${this.#patience / 1000} seconds`;
      this.#end(
        new RangeError(
          `Expected a schema that becomes a grammar ${limit}, received one that takes longer: give it fewer or simpler patterns`,
        ),
      );
    }, this.#patience);
  }

  #start(): Worker {
    const worker = new Worker(new URL('./translation-worker.js', import.meta.url), {
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    });
    worker.on('message', (outcome: SchemaGrammar | Error) => {
      if (this.#worker === worker) this.#end(outcome);
    });
    worker.on('error', ({ message }) => {
      if (this.#worker !== worker) return;
      this.#stop();
      this.#end(
        new RangeError(`Expected a schema that becomes a grammar, received one that ended the thread: ${message}`),
      );
    });
    // It has nothing to do that nobody waits for.
    worker.unref();
    return worker;
  }

  #stop(): void {
    clearTimeout(this.#clock);
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #end(outcome: SchemaGrammar | Error): void {
    clearTimeout(this.#clock);
    const [[key, task]] = [...this.#tasks] as [[string, Task]];
    this.#tasks.delete(key);
    if (!(outcome instanceof Error)) this.#known.keep(key, outcome);
    this.#begin();
    for (const take of task.waiting) take(outcome);
  }
}
