import { describe, expect, it } from 'vitest';
import { CompactCache } from '../../../src/backends/onnx/compact-cache.ts';
import { InPlaceCache } from '../../../src/backends/onnx/in-place-cache.ts';
import type { KvCache } from '../../../src/backends/onnx/kv-cache.ts';
import { Random } from '../../../src/backends/onnx/random.ts';
import { Slots } from '../../../src/backends/onnx/slots.ts';
import { cacheTensors, pieceOf, tokensAt } from '../../support/recognisable-rows.ts';

const tensors = cacheTensors();
const places = 6;

class Member {
  slot: number | undefined;
  readonly name: number;
  readonly tokens: number[] = [];

  constructor(name: number) {
    this.name = name;
  }

  write(cache: KvCache, ...tokens: readonly number[]): void {
    cache.append(this.slot as number, [pieceOf(tokens, tensors)]);
    this.tokens.push(...tokens);
  }
}

const seats = (count: number, cache: KvCache = new InPlaceCache(tensors, places, 1000)) => {
  const slots = new Slots<Member>(cache);
  const members = Array.from({ length: count }, (_, name) => new Member(name));
  for (const member of members) {
    slots.add(member);
    member.write(cache, 100 + member.name, 200 + member.name);
  }
  const kept = () =>
    members.filter(({ slot }) => slot !== undefined).map(({ slot }) => tokensAt(cache, slot as number, tensors));
  return { slots, members: members as [Member, Member, Member, Member], cache, kept };
};

const placesOf = (members: readonly Member[]) => members.map(({ slot }) => slot);

describe('Slots', () => {
  it('gives places from 0 on', () => {
    expect(placesOf(seats(4).members)).toEqual([0, 1, 2, 3]);
  });

  it('fills the place of who leaves with the last one, and its tokens', () => {
    const { slots, members, kept } = seats(4);
    slots.remove(members[1]);
    expect(placesOf(members)).toEqual([0, undefined, 2, 1]);
    expect(kept()).toEqual([
      [100, 200],
      [102, 202],
      [103, 203],
    ]);
    slots.remove(members[3]);
    expect(placesOf(members)).toEqual([0, undefined, 1, undefined]);
    slots.remove(members[3]);
    expect(placesOf(members)).toEqual([0, undefined, 1, undefined]);
  });

  it('gives an empty place to who comes', () => {
    const { slots, members, cache } = seats(4);
    slots.remove(members[3]);
    slots.remove(members[0]);
    const next = new Member(9);
    slots.add(next);
    expect(next.slot).toBe(2);
    expect(cache.length(2)).toBe(0);
  });

  it('keeps no tokens in places that are given back', () => {
    const { slots, members, cache } = seats(4);
    for (const member of members.toReversed()) slots.remove(member);
    expect([0, 1, 2, 3].map((slot) => cache.length(slot))).toEqual([0, 0, 0, 0]);
  });

  it('puts those that a run computes in the order of their places', () => {
    const { slots, members } = seats(4);
    const [a, b, c, d] = members;
    expect(slots.arrange([d, b])).toEqual([b, d]);
    expect(slots.arrange([c, a, d])).toEqual([a, c, d]);
    expect(slots.arrange([d])).toEqual([d]);
    expect(placesOf(members)).toEqual([0, 1, 2, 3]);
  });

  it('moves who does not take part for eight runs behind those that do', () => {
    const { slots, members, kept } = seats(4);
    const [a, b, c, d] = members;
    for (let run = 0; run < 8; run++) slots.arrange([a, c, d]);
    expect(placesOf(members)).toEqual([0, 1, 2, 3]);
    expect(slots.arrange([c, d, a])).toEqual([a, d, c]);
    expect(placesOf(members)).toEqual([0, 3, 2, 1]);
    expect(kept()).toEqual([
      [100, 200],
      [101, 201],
      [102, 202],
      [103, 203],
    ]);
    slots.arrange([a, b]);
    expect(placesOf([a, b])).toEqual([0, 3]);
  });

  it('counts anew for who comes back', () => {
    const { slots, members } = seats(3);
    const [a, b, c] = members;
    for (let run = 0; run < 8; run++) slots.arrange([a, b]);
    for (const member of [c, b]) slots.remove(member);
    for (const member of [c, b]) slots.add(member);
    slots.arrange([a, b]);
    expect(placesOf([a, c, b])).toEqual([0, 1, 2]);
  });

  it('lets who takes part now and then stay', () => {
    const { slots, members } = seats(4);
    const [a, b, c, d] = members;
    for (let run = 0; run < 50; run++) slots.arrange(run % 8 === 0 ? [a, b, c, d] : [a, c, d]);
    expect(placesOf(members)).toEqual([0, 1, 2, 3]);
  });

  it.each([
    ['InPlaceCache', () => new InPlaceCache(tensors, places, 100)],
    ['CompactCache', () => new CompactCache(tensors, places)],
  ])('keeps the tokens of every member, and no gaps, through anything on a %s', (_, make) => {
    for (let seed = 0; seed < 10; seed++) {
      const random = new Random(seed);
      const below = (bound: number) => Math.floor(random.next() * bound);
      const cache = make();
      const slots = new Slots<Member>(cache);
      const members: Member[] = [];
      for (let change = 0; change < 80; change++) {
        if (members.length < places && random.next() < 0.2) {
          const member = new Member(change);
          slots.add(member);
          members.push(member);
          member.write(cache, change);
        } else if (members.length > 0 && random.next() < 0.15) {
          const [gone] = members.splice(below(members.length), 1);
          slots.remove(gone as Member);
        } else if (members.length > 0) {
          // Some hardly ever take part.
          const chosen = members.filter(({ name }) => random.next() < (name % 3 === 0 ? 0.02 : 0.9));
          const arranged = slots.arrange(chosen);
          expect(new Set(arranged)).toEqual(new Set(chosen));
          expect(placesOf(arranged)).toEqual(placesOf(arranged).toSorted());
          for (const member of arranged) member.write(cache, change);
        }
        expect(placesOf(members).toSorted()).toEqual(members.map((_, place) => place));
      }
      for (const { slot, tokens } of members) expect(tokensAt(cache, slot as number, tensors)).toEqual(tokens);
    }
  });
});
