import type { CodeRanges } from './grammar/code-ranges.ts';
import { bounds } from './schema/bounds.ts';

/**
 * Collects the rules of a grammar, in the EBNF that `parseGrammar` reads.
 *
 * @example
 * ```ts
 * const writer = new GrammarWriter();
 * const answer = writeSchema(writer, { type: 'integer' });
 * const grammar = writer.write(`${literal('The answer is ')} ${answer} "."`);
 * ```
 */
export class GrammarWriter {
  readonly #rules = new Map<string, string>();
  readonly #names = new Map<string, string>();
  readonly #taken = new Set(['root']);
  /** How often each hint was given. */
  readonly #hints = new Map<string, number>();
  readonly #unenforced = new Set<string>();

  /** The keywords of the schemas so far that the grammar does not hold. */
  get unenforced(): readonly string[] {
    return [...this.#unenforced].sort();
  }

  /** Adds a rule and returns its name, which resembles the hint. The same body again is the same rule. */
  rule(hint: string, body: string): string {
    const known = this.#names.get(body);
    if (known !== undefined) return known;
    const name = this.reserve(hint);
    this.define(name, body);
    this.#names.set(body, name);
    return name;
  }

  /** A name for a rule whose body comes later, so that the body can refer to it. */
  reserve(hint: string): string {
    const plain = hint.replaceAll(/[^A-Za-z0-9_]+/g, '_').slice(0, 32);
    const stem = /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`;
    let name = stem;
    do {
      const count = (this.#hints.get(stem) ?? 0) + 1;
      this.#hints.set(stem, count);
      name = count === 1 ? stem : `${stem}_${count}`;
    } while (this.#taken.has(name));
    this.#taken.add(name);
    return name;
  }

  /** @throws RangeError where there are too many rules. */
  define(name: string, body: string): void {
    this.#rules.set(name, body);
    if (this.#rules.size > bounds.rules) {
      throw new RangeError(`Expected schemas that take at most ${bounds.rules} rules, received larger ones`);
    }
  }

  /** Takes down a keyword that the grammar does not hold. */
  leaveOut(keyword: string): void {
    this.#unenforced.add(keyword);
  }

  /** The whole grammar; a text is whole when it fits `root`. */
  write(root: string): string {
    return [...this.#rules, ['root', root]].map(([name, body]) => `${name} ::= ${body}\n`).join('');
  }
}

/** Exactly this text, as EBNF. */
export const literal = (text: string): string =>
  `"${text.replaceAll(/["\\\p{Cc}\p{Zl}\p{Zp}]/gu, (character) => hex(character.codePointAt(0) as number))}"`;

/** One character among these, as EBNF; with none it is something that cannot be written. */
export const oneOf = ({ ranges }: CodeRanges): string => {
  const shown = ranges.map(([first, last]) => (first === last ? hex(first) : `${hex(first)}-${hex(last)}`));
  return `[${shown.join('')}]`;
};

/** What cannot be written, as EBNF. */
export const nothing = '[]';

const hex = (code: number): string => {
  const character = String.fromCodePoint(code);
  if (/[A-Za-z0-9 ]/.test(character)) return character;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
};
