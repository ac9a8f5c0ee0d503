import { Entry } from './entry.ts';
import { fitRows } from './fit-rows.ts';
import type { Paint, Tone } from './paint.ts';
import type { Block, Screen } from './screen.ts';

/** What a live screen needs of a terminal; `process.stdout` is one. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

const frame = 40;
const code = {
  // What a reader types, a `^C` say, moves the cursor along its line.
  up: (rows: number) => (rows > 0 ? `\r\u001b[${rows}A` : '\r'),
  home: '\u001b[H',
  clearLine: '\u001b[K',
  clearBelow: '\u001b[J',
  hideCursor: '\u001b[?25l',
  showCursor: '\u001b[?25h',
};

/**
 * A screen that is redrawn in place, so that open blocks grow side by side. Blocks that are done join what stands above
 * as soon as all before them are done; the rest is drawn again, at most every 40 ms. It never holds more rows than the
 * terminal has, and after a change of its size the terminal is drawn afresh.
 */
export class LiveScreen implements Screen {
  readonly #terminal: Terminal;
  readonly #paint: Paint;
  readonly #kept: Entry[] = [];
  readonly #open: Entry[] = [];
  readonly #onResize = () => {
    this.#resized = true;
    this.#plan();
  };
  #drawn = 0;
  #resized = false;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(terminal: Terminal, paint: Paint) {
    this.#terminal = terminal;
    this.#paint = paint;
    terminal.write(code.hideCursor);
    terminal.on('resize', this.#onResize);
  }

  get columns(): number {
    // One less than there are, since a full line leaves it to the terminal where the next character goes.
    return Math.max(1, (this.#terminal.columns || 80) - 1);
  }

  open(title: string): Block {
    const entry = this.#enter(new Entry(title));
    return {
      write: (text, tone = 'plain') => this.#change(() => entry.write(text, tone)),
      line: (text, tone) => this.#change(() => entry.line(text, tone)),
      status: (text) => this.#change(() => entry.status(text)),
      end: () =>
        this.#change(() => {
          entry.done = true;
        }),
    };
  }

  print(text = '', tone: Tone = 'plain'): void {
    const entry = this.#enter(new Entry());
    entry.line(text, tone);
    entry.done = true;
  }

  close(): void {
    if (this.#closed) return;
    for (const entry of this.#open) entry.done = true;
    this.#terminal.off('resize', this.#onResize);
    this.#draw();
    this.#closed = true;
    this.#terminal.write(code.showCursor);
  }

  #enter(entry: Entry): Entry {
    this.#open.push(entry);
    this.#plan();
    return entry;
  }

  #change(change: () => void): void {
    change();
    this.#plan();
  }

  #plan(): void {
    if (!this.#closed) this.#timer ??= setTimeout(() => this.#draw(), frame);
  }

  #draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const rows = Math.max(1, (this.#terminal.rows || 24) - 1);
    const render = (entry: Entry) => entry.lines(this.columns, this.#paint);

    const firstOpen = this.#open.findIndex(({ done }) => !done);
    const done = this.#open.splice(0, firstOpen === -1 ? this.#open.length : firstOpen);
    const region = fitRows(this.#open.map(render), rows);
    const afresh = this.#resized && this.#drawn > 0;
    const above = afresh
      ? this.#kept
          .slice(-rows)
          .flatMap(render)
          .slice(region.length - rows)
      : [];

    const start = afresh ? code.home : code.up(this.#drawn);
    const lines = [...above, ...done.flatMap(render), ...region];
    this.#terminal.write(start + lines.map((line) => `${line}${code.clearLine}\n`).join('') + code.clearBelow);
    this.#kept.push(...done);
    this.#drawn = region.length;
    this.#resized = false;
  }
}
