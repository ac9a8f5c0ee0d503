import { Recent } from '../recent.ts';
import type { ForcedText } from './forced-text.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Gives the ids of a text as they are behind a token; none where it cannot tell. */
export type EncodeAfter = (before: number | undefined, text: string) => readonly number[];

const mostKnown = 1024;

/** Turns text that follows in any case into tokens, the way a model would have written it. */
export class ForcedTokens {
  readonly #vocabulary: Vocabulary;
  readonly #encode: EncodeAfter;
  readonly #known = new Recent<readonly number[]>(mostKnown);

  constructor(vocabulary: Vocabulary, encode: EncodeAfter) {
    this.#vocabulary = vocabulary;
    this.#encode = encode;
  }

  /**
   * The tokens that surely begin the text. Unless it is whole, its last word is left out, since it may be one token with
   * what follows it.
   */
  of(before: number | undefined, text: ForcedText): readonly number[] {
    if (text.bytes === '') return [];
    return this.#known.get(`${before} ${text.whole} ${text.bytes}`, () => this.#make(before, text));
  }

  #make(before: number | undefined, { bytes, whole }: ForcedText): readonly number[] {
    const text = decode(bytes);
    const ids: number[] = [];
    let end = 0;
    for (const id of text === '' ? [] : this.#encode(before, text)) {
      const piece = this.#piece(id);
      if (piece === '' || !bytes.startsWith(piece, end)) break;
      ids.push(id);
      end += piece.length;
    }
    if (!(whole && end === bytes.length)) this.#dropLastWord(ids);
    return ids;
  }

  #dropLastWord(ids: number[]): void {
    for (let last = ids.pop(); last !== undefined; last = ids.pop()) {
      const before = this.#piece(ids.at(-1) ?? -1);
      if (!endsInWord.test(before) || !beginsInWord.test(this.#piece(last))) return;
    }
  }

  #piece(id: number): string {
    const { tokens, stopIds } = this.#vocabulary;
    return stopIds.includes(id) ? '' : (tokens[id] ?? '');
  }
}

// Bytes above the plain characters are parts of letters, as far as this matters.
const endsInWord = /[A-Za-z0-9\x80-\xff]$/;
const beginsInWord = /^[A-Za-z0-9\x80-\xff]/;

/** The whole characters at the beginning; none where the bytes begin within one. */
const decode = (bytes: string): string => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const text = decoder.decode(
    Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)),
    { stream: true },
  );
  return text.startsWith('\ufffd') ? '' : text;
};
