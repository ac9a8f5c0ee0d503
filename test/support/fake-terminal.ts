import { EventEmitter } from 'node:events';
import { stripVTControlCharacters } from 'node:util';

/** A terminal of a known size that knows the few codes which a live screen uses; others make it throw. */
export class FakeTerminal extends EventEmitter {
  readonly isTTY = true;
  columns: number;
  rows: number;
  cursorShown = true;
  /** All that was written, with its codes. */
  raw = '';
  readonly #gone: string[] = [];
  #lines: string[] = [''];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  /** What a reader sees. */
  get screen(): readonly string[] {
    return this.#lines.map((line) => line.trimEnd());
  }

  /** What a reader sees, and what has scrolled away above it. */
  get everything(): string {
    return [...this.#gone, ...this.screen].join('\n').trimEnd();
  }

  write(text: string): boolean {
    this.raw += text;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
    for (const piece of text.match(/\u001b\[[?\d;]*[A-Za-z]|[\s\S]/g) ?? []) this.#take(piece);
    return true;
  }

  /** Breaks lines that no longer fit, as terminals do, and tells. */
  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    const before = this.#lines.slice(0, this.#row).flatMap((line) => pieces(line, columns)).length;
    this.#lines = this.#lines.flatMap((line) => pieces(line.trimEnd(), columns));
    this.#row = before;
    this.#scroll();
    this.emit('resize');
  }

  #take(piece: string): void {
    if (piece === '\n') this.#down();
    else if (piece === '\r') this.#column = 0;
    else if (!piece.startsWith('\u001b')) this.#put(piece);
    else if (piece.endsWith('m')) return;
    else this.#obey(piece.slice(2));
  }

  #obey(code: string): void {
    if (code === '?25l' || code === '?25h') this.cursorShown = code.endsWith('h');
    else if (/^\d+A$/.test(code)) this.#row = Math.max(0, this.#row - Number.parseInt(code, 10));
    else if (code === 'H') {
      this.#row = 0;
      this.#column = 0;
    } else if (code === 'K') this.#lines[this.#row] = this.#line.slice(0, this.#column);
    else if (code === 'J') {
      this.#lines.length = this.#row + 1;
      this.#lines[this.#row] = this.#line.slice(0, this.#column);
    } else throw new Error(`Expected a code that live screens use, received ${JSON.stringify(code)}`);
  }

  get #line(): string {
    return this.#lines[this.#row] ?? '';
  }

  #put(character: string): void {
    if (this.#column >= this.columns) this.#down();
    const line = this.#line.padEnd(this.#column);
    this.#lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1);
    this.#column++;
  }

  #down(): void {
    this.#row++;
    this.#column = 0;
    this.#lines[this.#row] ??= '';
    this.#scroll();
  }

  #scroll(): void {
    while (this.#lines.length > this.rows) {
      this.#gone.push((this.#lines.shift() ?? '').trimEnd());
      this.#row = Math.max(0, this.#row - 1);
    }
  }
}

const pieces = (line: string, columns: number): string[] => line.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [''];

/** A pipe: everything that was written to it, which has to be without codes. */
export class FakePipe extends EventEmitter {
  readonly isTTY = false;
  readonly columns = 0;
  readonly rows = 0;
  text = '';

  write(text: string): boolean {
    if (stripVTControlCharacters(text) !== text)
      throw new Error(`Expected plain text, received ${JSON.stringify(text)}`);
    this.text += text;
    return true;
  }
}
