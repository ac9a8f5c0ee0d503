import { describe, expect, it } from 'vitest';
import { CompactCache } from '../../../src/backends/onnx/compact-cache.ts';
import { InPlaceCache } from '../../../src/backends/onnx/in-place-cache.ts';
import type { KvCache } from '../../../src/backends/onnx/kv-cache.ts';
import { Random } from '../../../src/backends/onnx/random.ts';
import { cacheTensors, pieceOf, tokensAt, tokensOf } from '../../support/recognisable-rows.ts';

const slots = 5;

const kinds = [
  ['InPlaceCache', (type) => new InPlaceCache(cacheTensors(type), slots, 400)],
  ['CompactCache', (type) => new CompactCache(cacheTensors(type), slots)],
] as const satisfies readonly [string, (type: 'float32' | 'float16') => KvCache][];

describe.each(kinds)('%s', (_, make) => {
  const tensors = cacheTensors();

  it('begins empty, and can be read, moved and exchanged so', () => {
    const cache = make('float32');
    expect(cache.length(0)).toBe(0);
    expect(tokensOf(cache.read(0, 0, 0), tensors)).toEqual([]);
    cache.truncate(1, 0);
    cache.move(1, 0);
    cache.swap(0, 2);
    cache.append(0, []);
    expect([0, 1, 2].map((slot) => cache.length(slot))).toEqual([0, 0, 0]);
  });

  it('gives copies, which later changes do not reach', () => {
    const cache = make('float32');
    cache.append(0, [pieceOf([1, 2, 3, 4], tensors)]);
    const copy = cache.read(0, 1, 3);
    cache.truncate(0, 1);
    cache.append(0, [pieceOf([7, 8, 9], tensors)]);
    expect(tokensOf(copy, tensors)).toEqual([2, 3]);
    expect(tokensAt(cache, 0, tensors)).toEqual([1, 7, 8, 9]);
  });

  it('copies into the memory of a block that nobody needs, also where that holds fewer tokens', () => {
    const cache = make('float32');
    cache.append(0, [pieceOf([1, 2, 3, 4], tensors)]);
    const spare = cache.read(0, 0, 2);
    const block = cache.read(0, 1, 4, spare);
    expect(block.rows).toBe(spare.rows);
    expect(tokensOf(block, tensors)).toEqual([2, 3, 4]);
  });

  it('takes the middles of blocks, in their order', () => {
    const cache = make('float32');
    cache.append(0, [pieceOf([1, 2], tensors, 3, 1), pieceOf([3], tensors, 0, 2), pieceOf([4, 5], tensors, 1)]);
    expect(tokensAt(cache, 0, tensors)).toEqual([1, 2, 3, 4, 5]);
  });

  it('does not grow by being made shorter', () => {
    const cache = make('float32');
    cache.append(0, [pieceOf([1, 2], tensors)]);
    cache.truncate(0, 7);
    expect(cache.length(0)).toBe(2);
  });

  it.each(['float32', 'float16'] as const)('keeps the tokens of every place through anything, in %s', (type) => {
    const tensors = cacheTensors(type);
    for (let seed = 0; seed < 10; seed++) {
      const random = new Random(seed);
      const below = (bound: number) => Math.floor(random.next() * bound);
      const cache: KvCache = make(type);
      const naive = Array.from({ length: slots }, (): number[] => []);
      const at = (slot: number) => naive[slot] as number[];
      const tokens = (count: number) => Array.from({ length: count }, () => below(100));
      for (let change = 0; change < 50; change++) {
        const one = below(slots);
        const other = (one + 1 + below(slots - 1)) % slots;
        const kind = below(6);
        if (kind <= 1) {
          const pieces = Array.from({ length: 1 + below(3) }, () => tokens(below(seed < 7 ? 8 : 150)));
          cache.append(
            one,
            pieces.map((each) => pieceOf(each, tensors, below(3), below(3))),
          );
          at(one).push(...pieces.flat());
        } else if (kind === 2) {
          const length = below(at(one).length + 3);
          cache.truncate(one, length);
          at(one).splice(length);
        } else if (kind === 3) {
          cache.move(one, other);
          naive[other] = at(one);
          naive[one] = [];
        } else if (kind === 4) {
          cache.swap(one, other);
          [naive[one], naive[other]] = [at(other), at(one)];
        } else {
          const from = below(at(one).length + 1);
          const to = from + below(at(one).length - from + 1);
          expect(tokensOf(cache.read(one, from, to), tensors)).toEqual(at(one).slice(from, to));
        }
        const where = `seed ${seed}, change ${change} of kind ${kind}`;
        const lengths = naive.map((_, slot) => cache.length(slot));
        expect(lengths, where).toEqual(naive.map(({ length }) => length));
        expect(tokensAt(cache, one, tensors), where).toEqual(at(one));
        expect(tokensAt(cache, other, tensors), where).toEqual(at(other));
      }
      for (const [slot, kept] of naive.entries()) expect(tokensAt(cache, slot, tensors)).toEqual(kept);
    }
  });
});
