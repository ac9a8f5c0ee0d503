import type { JsonObject } from './model-files.ts';
import { pieceWriter } from './piece-writer.ts';

/** What each token of a model writes, as plain data that goes from one thread to another. */
export type PieceTable = {
  /** The bytes of all tokens, one after another. */
  readonly bytes: Uint8Array;
  /** For each id: where its bytes end. */
  readonly ends: Uint32Array;
  /** The texts of the special tokens. */
  readonly special: ReadonlyMap<number, string>;
  /** Whether a space at the very start of a text belongs to the tokens and not to the text. */
  readonly stripsFirstSpace: boolean;
};

type AddedToken = { readonly id: number; readonly content: string; readonly special?: boolean };

/** What each token of a model writes: its bytes, which need not be whole characters. */
export class TokenPieces {
  readonly table: PieceTable;

  /**
   * Reads tokenizer.json.
   *
   * @throws ModelError where it is of a kind that is not supported.
   */
  static read(tokenizer: JsonObject): TokenPieces {
    const { write, stripsFirstSpace } = pieceWriter(tokenizer.decoder);
    const added = (tokenizer.added_tokens ?? []) as readonly AddedToken[];
    const contents = new Map(added.map(({ id, content }) => [id, content]));
    const tokens = readVocabulary(tokenizer);
    const count = Math.max(tokens.length, ...added.map(({ id }) => id + 1));
    const written = join(count, (id) => {
      const content = contents.get(id);
      const token = tokens[id];
      if (content !== undefined) return encoder.encode(content);
      return token === undefined ? nothing : write(token);
    });
    const special = new Map(added.filter((token) => token.special).map(({ id, content }) => [id, content]));
    return new TokenPieces({ ...written, special, stripsFirstSpace });
  }

  constructor(table: PieceTable) {
    this.table = table;
  }

  get stripsFirstSpace(): boolean {
    return this.table.stripsFirstSpace;
  }

  /** The bytes of a token; none of a special token unless its text is among `markers`, and none of an unknown one. */
  bytes(id: number, markers: readonly string[]): Uint8Array {
    const { bytes, ends, special } = this.table;
    const text = special.get(id);
    if (text !== undefined && !markers.includes(text)) return nothing;
    return bytes.subarray(id === 0 ? 0 : ends[id - 1], ends[id] ?? 0);
  }

  /** The text of a token, also of a special one; with a replacement character where it is no whole text. */
  text(id: number): string {
    return this.table.special.get(id) ?? decoder.decode(this.bytes(id, []));
  }
}

const nothing = new Uint8Array();
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

const readVocabulary = ({ model }: JsonObject): (string | undefined)[] => {
  const { vocab } = (model ?? {}) as { vocab?: Record<string, number> | [string, number][] };
  if (Array.isArray(vocab)) return vocab.map(([token]) => token);
  const tokens: (string | undefined)[] = [];
  for (const [token, id] of Object.entries(vocab ?? {})) tokens[id] = token;
  return tokens;
};

/** Writes the pieces one behind another at once: as many small arrays would take several times the memory. */
const join = (count: number, pieceOf: (id: number) => Uint8Array): Pick<PieceTable, 'bytes' | 'ends'> => {
  const ends = new Uint32Array(count);
  let bytes = new Uint8Array(8 * count);
  let end = 0;
  for (let id = 0; id < count; id++) {
    const piece = pieceOf(id);
    if (end + piece.length > bytes.length) {
      const larger = new Uint8Array(2 * (end + piece.length));
      larger.set(bytes);
      bytes = larger;
    }
    bytes.set(piece, end);
    end += piece.length;
    ends[id] = end;
  }
  return { bytes: bytes.slice(0, end), ends };
};
