/** The first and the last code point of a stretch. */
export type CodeRange = readonly [first: number, last: number];

const lastCode = 0x10ffff;

/** A set of code points. */
export class CodeRanges {
  static readonly all: CodeRanges = new CodeRanges([[0, lastCode]]);
  static readonly none: CodeRanges = new CodeRanges([]);
  /** Sorted, apart from one another. */
  readonly ranges: readonly CodeRange[];

  private constructor(ranges: readonly CodeRange[]) {
    this.ranges = ranges;
  }

  static of(...ranges: readonly CodeRange[]): CodeRanges {
    const merged: [number, number][] = [];
    for (const [first, last] of [...ranges].sort((one, other) => one[0] - other[0])) {
      const before = merged.at(-1);
      if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
      else merged.push([first, last]);
    }
    return new CodeRanges(merged);
  }

  /** The characters of a text. */
  static from(text: string): CodeRanges {
    return CodeRanges.of(...Array.from(text, (character): CodeRange => [codeOf(character), codeOf(character)]));
  }

  get isEmpty(): boolean {
    return this.ranges.length === 0;
  }

  has(code: number): boolean {
    return this.ranges.some(([first, last]) => first <= code && code <= last);
  }

  union(other: CodeRanges): CodeRanges {
    return CodeRanges.of(...this.ranges, ...other.ranges);
  }

  complement(): CodeRanges {
    const gaps: CodeRange[] = [];
    let next = 0;
    for (const [first, last] of this.ranges) {
      if (first > next) gaps.push([next, first - 1]);
      next = last + 1;
    }
    if (next <= lastCode) gaps.push([next, lastCode]);
    return new CodeRanges(gaps);
  }

  intersect(other: CodeRanges): CodeRanges {
    return this.complement().union(other.complement()).complement();
  }

  without(other: CodeRanges): CodeRanges {
    return this.intersect(other.complement());
  }
}

const codeOf = (character: string): number => character.codePointAt(0) as number;
