import type { ParsedEvent } from '../output-parser.ts';

const opening = /^\{\s*"name"\s*:\s*("(?:[^"\\]|\\.)*")\s*,\s*"(?:arguments|parameters)"\s*:\s*(?=\S)/;

/** Reads calls out of JSON text while it is written: one object `{"name", "arguments"}` after another, or a list of them. */
export class CallReader {
  readonly #idOf: (index: number) => string;
  #index = -1;
  #object = '';
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** Where the part of the arguments that is not reported yet begins; absent until the opening is whole. */
  #unreported: number | undefined;
  /** Where the arguments end. */
  #argumentsEnd: number | undefined;

  /** @param idOf Gives the id of the n-th call, from 0. */
  constructor(idOf: (index: number) => string) {
    this.#idOf = idOf;
  }

  /** Whether a call has begun. */
  get seen(): boolean {
    return this.#index >= 0;
  }

  push(text: string): readonly ParsedEvent[] {
    const events: ParsedEvent[] = [];
    for (const character of text) {
      if (this.#depth === 0 && character !== '{') continue;
      if (this.#depth === 0) this.#begin();
      this.#take(character);
      if (this.#depth === 0) events.push(...this.#report(), ...this.#whole());
    }
    if (this.#depth > 0) events.push(...this.#report());
    return events;
  }

  #begin(): void {
    this.#index++;
    this.#object = '';
    this.#unreported = undefined;
    this.#argumentsEnd = undefined;
  }

  #take(character: string): void {
    this.#object += character;
    if (this.#escaped) this.#escaped = false;
    else if (this.#inString && character === '\\') this.#escaped = true;
    else if (character === '"') this.#inString = !this.#inString;
    else if (!this.#inString) this.#nest(character);
  }

  #nest(character: string): void {
    if (character === '{' || character === '[') this.#depth++;
    if (character !== '}' && character !== ']') return;
    this.#depth--;
    if (this.#depth === 1 && opening.test(this.#object)) this.#argumentsEnd ??= this.#object.length;
  }

  /** A piece of the arguments, and at first the name. */
  #report(): readonly ParsedEvent[] {
    const first = this.#unreported === undefined;
    const match = first ? opening.exec(this.#object) : null;
    if (first && match === null) return [];
    const from = this.#unreported ?? match?.[0].length ?? 0;
    const to = this.#argumentsEnd ?? this.#object.length;
    this.#unreported = to;
    const tool = match?.[1] === undefined ? {} : { tool: JSON.parse(match[1]) as string };
    if (!first && to <= from) return [];
    return [{ type: 'tool-call-delta', index: this.#index, ...tool, arguments: this.#object.slice(from, to) }];
  }

  #whole(): readonly ParsedEvent[] {
    const call = parsed(this.#object);
    return call === undefined ? [] : [{ type: 'tool-call', call: { id: this.#idOf(this.#index), ...call } }];
  }
}

/** Models write `arguments` or `parameters`, some of them within `function`. */
const parsed = (text: string): { name: string; arguments: unknown } | undefined => {
  try {
    const object = JSON.parse(text);
    const { name, arguments: given, parameters } = object.function ?? object;
    return typeof name === 'string' ? { name, arguments: given ?? parameters ?? {} } : undefined;
  } catch {
    return undefined;
  }
};
