import { ModelError } from './model-error.ts';

/** How the decoder of a tokenizer writes a token. */
export type PieceWriter = {
  /** The bytes of a token by its name in the vocabulary. */
  readonly write: (token: string) => Uint8Array;
  /** Whether a space at the very start of a text belongs to the tokens and not to the text. */
  readonly stripsFirstSpace: boolean;
};

type Step = { readonly type: string; readonly [key: string]: unknown };

/**
 * Reads the decoder of tokenizer.json.
 *
 * @throws ModelError where it is of a kind that is not supported.
 */
export const pieceWriter = (decoder: unknown): PieceWriter => {
  const steps = flatten(decoder);
  return {
    write: steps.some(({ type }) => type === 'ByteLevel') ? byteLevel : textual(steps),
    stripsFirstSpace: steps.some(stripsStart),
  };
};

const encoder = new TextEncoder();

const flatten = (decoder: unknown): Step[] => {
  const step = decoder as Step | null | undefined;
  if (step?.type === 'Sequence') return (step.decoders as unknown[]).flatMap(flatten);
  return step ? [step] : [];
};

/** The steps that turn a token into text one token at a time; `Fuse` only joins, `Strip` is about the whole text. */
const textual = (steps: readonly Step[]): ((token: string) => Uint8Array) => {
  const known = ['Replace', 'Metaspace', 'ByteFallback', 'Fuse', 'Strip'];
  const unknown = steps.find(({ type }) => !known.includes(type));
  if (unknown || steps.length === 0) {
    throw new ModelError(
      `Expected tokenizer.json to have a decoder of ByteLevel, ${known.join(', ')}, found ${unknown?.type ?? 'none'}: this kind of tokenizer is not supported`,
    );
  }
  const replacements = steps.flatMap(replacement);
  const fallsBack = steps.some(({ type }) => type === 'ByteFallback');
  return (token) => {
    const byte = fallsBack ? /^<0x([0-9A-F]{2})>$/.exec(token)?.[1] : undefined;
    if (byte !== undefined) return Uint8Array.of(Number.parseInt(byte, 16));
    return encoder.encode(replacements.reduce((text, [from, to]) => text.replaceAll(from, to), token));
  };
};

const replacement = (step: Step): [string | RegExp, string][] => {
  if (step.type === 'Metaspace') return [[String(step.replacement ?? '▁'), ' ']];
  if (step.type !== 'Replace') return [];
  const { String: text, Regex: pattern } = step.pattern as { String?: string; Regex?: string };
  return [[text ?? new RegExp(pattern ?? '', 'gu'), String(step.content)]];
};

const stripsStart = ({ type, content, start, prepend_scheme, add_prefix_space }: Step): boolean => {
  if (type === 'Strip') return content === ' ' && Number(start) > 0;
  return type === 'Metaspace' && prepend_scheme !== 'never' && add_prefix_space !== false;
};

/** The bytes that GPT-2's vocabulary spells as other characters, because they are blank or control characters. */
const byteOfCharacter: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 256 }, (_, byte) => byte)
    .sort((one, other) => Number(isSpelledAsItself(other)) - Number(isSpelledAsItself(one)) || one - other)
    .map((byte, index) => [String.fromCharCode(isSpelledAsItself(byte) ? byte : 256 + index - 188), byte]),
);

function isSpelledAsItself(byte: number): boolean {
  return (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
}

const byteLevel = (token: string): Uint8Array => {
  const bytes = new Uint8Array(token.length);
  for (let index = 0; index < token.length; index++) {
    const byte = byteOfCharacter.get(token[index] as string);
    if (byte === undefined) return encoder.encode(token);
    bytes[index] = byte;
  }
  return bytes;
};
