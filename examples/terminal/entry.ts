import { crop } from './display-width.ts';
import type { Paint, Tone } from './paint.ts';
import { printable } from './printable.ts';
import { wrap } from './wrap.ts';

type Part = { text: string; readonly tone: Tone };

const indent = 4;
const readable = 100;

/** What stands on a live screen: a block under its title, or one line outside of any block where it has none. */
export class Entry {
  done = false;
  readonly #title: string | undefined;
  readonly #parts: Part[] = [];
  #closed = false;
  #status: string | undefined;

  constructor(title?: string) {
    this.#title = title === undefined ? undefined : printable(title);
  }

  write(text: string, tone: Tone): void {
    this.#status = undefined;
    const last = this.#parts.at(-1);
    if (last?.tone === tone && !this.#closed) last.text += printable(text);
    else this.#parts.push({ text: printable(text), tone });
    this.#closed = false;
  }

  line(text: string, tone: Tone): void {
    this.#closed = true;
    this.write(text, tone);
    this.#closed = true;
  }

  status(text: string): void {
    this.#status = printable(text);
  }

  /** The lines of it in so many columns; a block stays narrow enough to read well. */
  lines(columns: number, paint: Paint): readonly string[] {
    if (this.#title === undefined) {
      return this.#parts.flatMap(({ text, tone }) => wrap(text, columns).map((line) => paint(line, tone)));
    }
    const width = Math.max(1, Math.min(columns, readable) - indent);
    const body = this.#parts.flatMap(({ text, tone }) =>
      text.trim() === '' ? [] : wrap(text.trim(), width).map((line) => ' '.repeat(indent) + paint(line, tone)),
    );
    const last = this.#status === undefined ? '…' : crop(this.#status, width);
    const quiet = this.done || (body.length > 0 && this.#status === undefined);
    const waiting = quiet ? body : [...body, ' '.repeat(indent) + paint(last, 'note')];
    return [`  ${paint(crop(this.#title, columns - 2), 'title')}`, ...waiting];
  }
}
