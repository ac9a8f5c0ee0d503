import type { Paint, Tone } from './paint.ts';
import { printable } from './printable.ts';
import type { Block, Screen } from './screen.ts';

const indent = '    ';

/** Turns what is written to one block into text, as it comes. */
class Pen {
  readonly #paint: Paint;
  #tone: Tone | undefined;
  #space = '';

  constructor(paint: Paint) {
    this.#paint = paint;
  }

  /** Space is held back until something follows it, so that no line ends in it and none is empty at the ends. */
  write(text: string, tone: Tone): string {
    const end = this.#tone === tone ? '' : this.end();
    const all = (this.#space + printable(text)).replaceAll(/[^\S\n]+\n/g, '\n');
    const words = this.#tone === undefined ? all.trimStart() : all;
    const kept = words.trimEnd();
    this.#space = words.slice(kept.length);
    if (kept === '') return end;
    const [first = '', ...others] = kept.split('\n').map((line) => this.#paint(line, tone));
    const start = this.#tone === undefined ? indent : '';
    this.#tone = tone;
    return end + start + first + others.map((line) => (line === '' ? '\n' : `\n${indent}${line}`)).join('');
  }

  /** Ends the line that is open. */
  end(): string {
    const open = this.#tone !== undefined;
    this.#tone = undefined;
    this.#space = '';
    return open ? '\n' : '';
  }
}

type Entry = { waiting: string; done: boolean; readonly pen: Pen };

/**
 * A screen that only ever adds: for pipes, files and terminals without colours. The first open block is written as it
 * comes; what the others say meanwhile is kept, and printed when their turn comes.
 */
export class PlainScreen implements Screen {
  readonly columns: number = Number.POSITIVE_INFINITY;
  readonly #put: (text: string) => void;
  readonly #paint: Paint;
  readonly #entries: Entry[] = [];

  constructor(put: (text: string) => void, paint: Paint) {
    this.#put = put;
    this.#paint = paint;
  }

  open(title: string): Block {
    const entry = this.#enter(`  ${this.#paint(printable(title), 'title')}\n`, false);
    const { pen } = entry;
    return {
      write: (text, tone = 'plain') => this.#add(entry, pen.write(text, tone)),
      line: (text, tone) => this.#add(entry, pen.end() + pen.write(text, tone) + pen.end()),
      status: () => undefined,
      end: () => this.#end(entry),
    };
  }

  print(text = '', tone: Tone = 'plain'): void {
    this.#enter(`${this.#paint(printable(text), tone)}\n`, true);
  }

  close(): void {
    for (const entry of [...this.#entries]) this.#end(entry);
  }

  #enter(waiting: string, done: boolean): Entry {
    const entry = { waiting, done, pen: new Pen(this.#paint) };
    this.#entries.push(entry);
    this.#advance();
    return entry;
  }

  #add(entry: Entry, text: string): void {
    entry.waiting += text;
    if (entry === this.#entries[0]) this.#flush(entry);
  }

  #end(entry: Entry): void {
    this.#add(entry, entry.pen.end());
    entry.done = true;
    this.#advance();
  }

  #flush(entry: Entry): void {
    if (entry.waiting !== '') this.#put(entry.waiting);
    entry.waiting = '';
  }

  /** Prints what is done at the head of the line, and gives the next one its turn. */
  #advance(): void {
    for (let head = this.#entries[0]; head !== undefined; head = this.#entries[0]) {
      this.#flush(head);
      if (!head.done) return;
      this.#entries.shift();
    }
  }
}
