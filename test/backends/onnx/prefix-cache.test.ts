import { describe, expect, it } from 'vitest';
import type { CachePiece } from '../../../src/backends/onnx/kv-cache.ts';
import { PrefixCache } from '../../../src/backends/onnx/prefix-cache.ts';
import { Random } from '../../../src/backends/onnx/random.ts';
import { blockOf, cacheTensors, tokensOf } from '../../support/recognisable-rows.ts';

const tensors = cacheTensors();

/** What a model computes for each token: it depends on all tokens before it. */
const computed = (ids: readonly number[]): number[] => {
  let state = 1;
  return ids.map((id) => {
    state = (state * 31 + id + 1) % 65_521;
    return state;
  });
};

const insert = (cache: PrefixCache, ids: readonly number[]): void =>
  cache.insert(ids, (from, to, spare) => {
    const block = blockOf(computed(ids).slice(from, to), tensors);
    // What is said to be spare is lost.
    for (const { numbers } of spare?.rows ?? []) numbers.fill(-1);
    return block;
  });

/** What pieces hold. */
const held = (pieces: readonly CachePiece[]): readonly number[] =>
  pieces.flatMap(({ block, from, count }) => tokensOf(block, tensors).slice(from, from + count));

/** How many of the first tokens of `ids` are known; fails where they are not those. */
const known = (cache: PrefixCache, ids: readonly number[]): number => {
  const found = held(cache.match(ids, 0));
  expect(found).toEqual(computed(ids).slice(0, found.length));
  return found.length;
};

const count = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

const shared = (one: readonly number[], other: readonly number[]): number => {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
};

/** A word stands for tokens: each letter for a whole stretch of 32. */
const spell = (word: string): number[] => [...word].flatMap((letter) => Array<number>(32).fill(letter.charCodeAt(0)));

describe('PrefixCache', () => {
  it('knows nothing at first', () => {
    const cache = new PrefixCache(100);
    expect(cache.match([1, 2, 3], 0)).toEqual([]);
    expect(cache.tokens).toBe(0);
    insert(cache, []);
    expect(cache.tokens).toBe(0);
  });

  it.each([1, 5, 31, 32, 33, 64, 100])('knows a beginning of %d tokens to the token', (length) => {
    const cache = new PrefixCache(1000);
    insert(cache, count(0, length));
    expect(cache.tokens).toBe(length);
    for (const alike of [0, 1, 4, 30, 31, 32, 33, 63, 64, 99, 100, 150]) {
      const ids = [...count(0, alike), 7000, 7001];
      expect(known(cache, ids)).toBe(Math.min(alike, length));
    }
  });

  it('gives what follows a place, in pieces that hold nothing before it', () => {
    const cache = new PrefixCache(1000);
    const ids = count(0, 80);
    insert(cache, ids);
    for (const from of [0, 1, 31, 32, 40, 64, 79]) {
      expect(held(cache.match(ids, from))).toEqual(computed(ids).slice(from));
    }
    expect(cache.match(ids, 80)).toEqual([]);
    expect(cache.match([...count(0, 40), 9], 50)).toEqual([]);
  });

  it('keeps what is alike once, and reads no more than is new', () => {
    const cache = new PrefixCache(1000);
    insert(cache, count(0, 96));
    const read: [number, number][] = [];
    const other = [...count(0, 70), 500, 501];
    cache.insert(other, (from, to) => {
      read.push([from, to]);
      return blockOf(computed(other).slice(from, to), tensors);
    });
    expect(read).toEqual([[64, 72]]);
    expect(cache.tokens).toBe(96 + 8);
    expect([known(cache, count(0, 96)), known(cache, other)]).toEqual([96, 72]);
  });

  it('lets a stretch grow that was not whole, as chunks of a prompt come', () => {
    const cache = new PrefixCache(1000);
    const ids = count(0, 75);
    for (const length of [10, 20, 50, 75, 75, 60]) insert(cache, ids.slice(0, length));
    expect(cache.tokens).toBe(75);
    expect(known(cache, ids)).toBe(75);
  });

  it('keeps stretches that part in the middle side by side', () => {
    const cache = new PrefixCache(1000);
    const words = [
      [1, 2, 3, 4],
      [1, 2, 9],
      [8, 2, 3],
    ];
    for (const ids of words) insert(cache, ids);
    expect(words.map((ids) => known(cache, ids))).toEqual([4, 3, 3]);
    expect(known(cache, [1, 2, 5])).toBe(2);
  });

  it('drops what was used least lately first', () => {
    const cache = new PrefixCache(3 * 32);
    for (const word of ['a', 'b', 'c']) insert(cache, spell(word));
    cache.match(spell('a'), 0);
    insert(cache, spell('d'));
    expect(['a', 'b', 'c', 'd'].map((word) => known(cache, spell(word)))).toEqual([32, 0, 32, 32]);
  });

  it('gives what it drops to be written over', () => {
    const cache = new PrefixCache(64);
    insert(cache, spell('ab'));
    const [, second] = cache.match(spell('ab'), 0);
    const given: unknown[] = [];
    cache.insert(spell('c'), (from, to, spare) => {
      given.push(spare);
      return blockOf(computed(spell('c')).slice(from, to), tensors);
    });
    expect(given).toEqual([second?.block]);
    expect(known(cache, spell('ab'))).toBe(32);
  });

  it('takes no more memory than it has room for, and leaves none for a collection, however short what it keeps is', () => {
    const random = new Random(7);
    const made = new Set<unknown>();
    const cache = new PrefixCache(4 * 32);
    for (let change = 0; change < 200; change++) {
      const ids = Array.from({ length: 1 + Math.floor(random.next() * 70) }, () => change);
      cache.insert(ids, (from, to, spare) => {
        const block = blockOf(computed(ids).slice(from, to), tensors);
        const written = { ...block, rows: spare?.rows ?? block.rows };
        made.add(written.rows);
        return written;
      });
    }
    expect(made.size).toBe(4);
  });

  it('drops what follows before what it follows upon', () => {
    const cache = new PrefixCache(4 * 32);
    insert(cache, spell('abc'));
    insert(cache, spell('d'));
    insert(cache, spell('e'));
    expect(['abc', 'd', 'e'].map((word) => known(cache, spell(word)))).toEqual([64, 32, 32]);
  });

  it('drops nothing of what is being kept', () => {
    const cache = new PrefixCache(4 * 32);
    insert(cache, spell('ab'));
    insert(cache, spell('xy'));
    insert(cache, spell('abcd'));
    expect(known(cache, spell('abcd'))).toBe(128);
    expect(cache.tokens).toBe(128);
  });

  it('keeps as many whole stretches as there is room for', () => {
    const cache = new PrefixCache(100);
    insert(cache, count(0, 300));
    expect(known(cache, count(0, 300))).toBe(96);
    insert(cache, count(0, 300));
    expect(cache.tokens).toBe(96);
    const none = new PrefixCache(0);
    insert(none, count(0, 300));
    expect(none.tokens).toBe(0);
  });

  it('never knows less of what it is given than before', () => {
    const cache = new PrefixCache(100);
    insert(cache, count(0, 100));
    expect(known(cache, count(0, 300))).toBe(100);
    insert(cache, count(0, 300));
    expect(known(cache, count(0, 300))).toBe(100);
  });

  it('knows the longest beginning of all that was kept, while there is room', () => {
    for (let seed = 0; seed < 15; seed++) {
      const random = new Random(seed);
      const below = (bound: number) => Math.floor(random.next() * bound);
      const cache = new PrefixCache(1_000_000);
      const kept: number[][] = [];
      // Most go on from some place of one before, so that they share beginnings of any length.
      const make = () => {
        const base = kept[below(kept.length + 1)] ?? [];
        return [...base.slice(0, below(base.length + 1)), ...Array.from({ length: below(50) }, () => below(3))];
      };
      for (let change = 0; change < 20; change++) {
        const ids = make();
        insert(cache, ids);
        kept.push(ids);
        const asked = make();
        expect(known(cache, asked), `seed ${seed}`).toBe(Math.max(...kept.map((each) => shared(asked, each))));
        expect(known(cache, ids), `seed ${seed}`).toBe(ids.length);
      }
      const distinct = new Set(kept.flatMap((ids) => ids.map((_, end) => ids.slice(0, end + 1).join())));
      expect(cache.tokens).toBeGreaterThanOrEqual(distinct.size);
    }
  });

  it('never keeps more than there is room for, and always what came last', () => {
    for (let seed = 0; seed < 15; seed++) {
      const random = new Random(seed);
      const below = (bound: number) => Math.floor(random.next() * bound);
      const most = 40 + below(200);
      const cache = new PrefixCache(most);
      let last: number[] = [];
      for (let change = 0; change < 30; change++) {
        last = [...last.slice(0, below(last.length + 1)), ...Array.from({ length: below(90) }, () => below(3))];
        const before = known(cache, last);
        insert(cache, last);
        const after = known(cache, last);
        expect(cache.tokens, `seed ${seed}`).toBeLessThanOrEqual(most);
        expect(after, `seed ${seed}`).toBeGreaterThanOrEqual(before);
        if (last.length <= most) expect(after, `seed ${seed}`).toBe(last.length);
      }
    }
  });

  it('drops and keeps as a list of words does that is searched from end to end', () => {
    for (let seed = 0; seed < 8; seed++) {
      const random = new Random(seed);
      const below = (bound: number) => Math.floor(random.next() * bound);
      const most = 2 + below(8);
      const cache = new PrefixCache(most * 32 + below(32));
      const naive = new NaiveWords(most);
      for (let change = 0; change < 100; change++) {
        const word = Array.from({ length: 1 + below(4) }, () => 'abc'[below(3)]).join('');
        if (random.next() < 0.5) {
          insert(cache, spell(word));
          naive.insert(word);
        }
        expect(known(cache, spell(word)), `seed ${seed}, change ${change}`).toBe(32 * naive.match(word));
        expect(cache.tokens).toBe(32 * naive.used.size);
      }
    }
  });
});

/** The same over words: every beginning that is kept, and when it was last used. */
class NaiveWords {
  readonly used = new Map<string, number>();
  readonly #most: number;
  #clock = 0;

  constructor(most: number) {
    this.#most = most;
  }

  match(word: string): number {
    let length = 0;
    while (length < word.length && this.used.has(word.slice(0, length + 1))) {
      this.used.set(word.slice(0, ++length), ++this.#clock);
    }
    return length;
  }

  insert(word: string): void {
    for (let length = this.match(word) + 1; length <= word.length; length++) {
      while (this.used.size >= this.#most) {
        const ends = [...this.used.keys()].filter(
          (each) =>
            !word.startsWith(each) && ![...this.used.keys()].some((other) => other !== each && other.startsWith(each)),
        );
        if (ends.length === 0) return;
        this.used.delete(
          ends.reduce((one, other) => ((this.used.get(one) ?? 0) < (this.used.get(other) ?? 0) ? one : other)),
        );
      }
      this.used.set(word.slice(0, length), ++this.#clock);
    }
  }
}
