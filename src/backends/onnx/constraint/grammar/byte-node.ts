import type { CodeRange, CodeRanges } from './code-ranges.ts';

/** One step through the bytes of a character. */
export type ByteNode = {
  readonly id: number;
  readonly edges: readonly ByteEdge[];
};

/** Where a byte from `first` to `last` leads; nowhere when the character is whole. */
export type ByteEdge = { readonly first: number; readonly last: number; readonly to: ByteNode | undefined };

type ByteRange = readonly [first: number, last: number];

/** Makes byte nodes, and the same one again for the same bytes. */
export class ByteNodes {
  readonly all: ByteNode[] = [];
  readonly #known = new Map<string, ByteNode>();

  /** The start of a character among these, in UTF-8. */
  of(codes: CodeRanges): ByteNode {
    return this.#join(codes.ranges.flatMap(encodeRange));
  }

  /** A single byte. */
  byte(value: number): ByteNode {
    return this.#join([[[value, value]]]);
  }

  #join(paths: readonly (readonly ByteRange[])[]): ByteNode {
    const edges: { first: number; last: number; to: ByteNode | undefined }[] = [];
    for (const group of groupByHead(paths)) {
      const [[first, last]] = group[0] as [ByteRange, ...ByteRange[]];
      const tails = group.map((path) => path.slice(1));
      const to = (tails[0] as ByteRange[]).length === 0 ? undefined : this.#join(tails);
      const before = edges.at(-1);
      if (before?.to === to && before?.last === first - 1) before.last = last;
      else edges.push({ first, last, to });
    }
    return this.#intern(edges);
  }

  #intern(edges: readonly ByteEdge[]): ByteNode {
    const key = edges.map(({ first, last, to }) => `${first}-${last}:${to?.id ?? ''}`).join();
    const known = this.#known.get(key);
    if (known) return known;
    const node = { id: this.all.length, edges };
    this.all.push(node);
    this.#known.set(key, node);
    return node;
  }
}

/** Neighbours that start with the same bytes; the paths are sorted, so none lies elsewhere. */
const groupByHead = (paths: readonly (readonly ByteRange[])[]): (readonly ByteRange[])[][] => {
  const groups: (readonly ByteRange[])[][] = [];
  for (const path of paths) {
    const group = groups.at(-1);
    if (group && String(group[0]?.[0]) === String(path[0])) group.push(path);
    else groups.push([path]);
  }
  return groups;
};

/** Stretches whose characters take equally many bytes; surrogates are no characters. */
const stretches: readonly CodeRange[] = [
  [0, 0x7f],
  [0x80, 0x7ff],
  [0x800, 0xd7ff],
  [0xe000, 0xffff],
  [0x10000, 0x10ffff],
];

const encodeRange = ([first, last]: CodeRange): ByteRange[][] =>
  stretches.flatMap(([from, to]) => {
    const range: CodeRange = [Math.max(first, from), Math.min(last, to)];
    return range[0] <= range[1] ? splitBytes(encode(range[0]), encode(range[1])) : [];
  });

/** Every text between two of the same length, as ranges of bytes. */
const splitBytes = ([low, ...lows]: readonly number[], [high, ...highs]: readonly number[]): ByteRange[][] => {
  if (low === undefined || high === undefined) return [[]];
  if (lows.length === 0) return [[[low, high]]];
  if (low === high) return splitBytes(lows, highs).map((tail) => [[low, low], ...tail]);
  const least = lows.map(() => 0x80);
  const most = lows.map(() => 0xbf);
  const lowWhole = lows.every((byte) => byte === 0x80);
  const highWhole = highs.every((byte) => byte === 0xbf);
  const from = lowWhole ? low : low + 1;
  const to = highWhole ? high : high - 1;
  return [
    ...(lowWhole ? [] : splitBytes(lows, most).map((tail): ByteRange[] => [[low, low], ...tail])),
    ...(from <= to ? [[[from, to], ...lows.map((): ByteRange => [0x80, 0xbf])] as ByteRange[]] : []),
    ...(highWhole ? [] : splitBytes(least, highs).map((tail): ByteRange[] => [[high, high], ...tail])),
  ];
};

const encode = (code: number): readonly number[] => {
  if (code < 0x80) return [code];
  const tail = (shift: number) => 0x80 | ((code >> shift) & 0x3f);
  if (code < 0x800) return [0xc0 | (code >> 6), tail(0)];
  if (code < 0x10000) return [0xe0 | (code >> 12), tail(6), tail(0)];
  return [0xf0 | (code >> 18), tail(12), tail(6), tail(0)];
};
