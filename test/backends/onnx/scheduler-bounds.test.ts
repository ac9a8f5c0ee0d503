import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/backends/onnx/random.ts';
import type { Limits } from '../../../src/backends/onnx/scheduler.ts';
import { patience } from '../../../src/backends/onnx/take-turn.ts';
import { type Arrival, play, type Step } from '../../support/schedule-table.ts';

const tables = 150;

type Table = { readonly seed: number; readonly arrivals: readonly Arrival[]; readonly limits: Limits };

/** Up to forty requests of every kind, which come and go at any moment. */
const randomTable = (seed: number): Table => {
  const random = new Random(seed);
  const upTo = (most: number) => 1 + Math.floor(random.next() * most);
  const often = (share: number) => random.next() < share;
  const arrivals = Array.from({ length: upTo(40) }, (_, index) => {
    const at = often(0.5) ? 0 : upTo(60);
    return {
      id: index + 1,
      at,
      prompt: often(0.5) ? 1 : upTo(50),
      answer: upTo(12),
      ...(often(0.3) && { priority: upTo(3) }),
      ...(often(0.2) && { leaves: at + upTo(30) }),
      ...(often(0.2) && { thinks: upTo(4) }),
    };
  });
  const slots = upTo(8);
  return { seed, arrivals, limits: { slots, tokens: 20 + upTo(200), width: often(0.5) ? slots : upTo(slots) } };
};

const played = Array.from({ length: tables }, (_, seed) => {
  const table = randomTable(seed);
  const rooms = new Map(table.arrivals.map(({ id, prompt = 1, answer }) => [id, prompt + answer]));
  return { ...table, ...play(table.arrivals, table.limits), room: (id: number) => rooms.get(id) as number };
});

/** Goes through the steps of every table; what it finds wrong says where. */
const check = (wrong: (table: (typeof played)[number], step: Step, index: number) => boolean): void => {
  const found = played.flatMap((table) =>
    table.steps.flatMap((step, index) => (wrong(table, step, index) ? [`table ${table.seed}, step ${index}`] : [])),
  );
  expect(found).toEqual([]);
};

/** Counts something for each request of a table. */
const counts = () => {
  const all = new WeakMap<object, Map<number, number>>();
  return (table: object) => all.get(table) ?? (all.set(table, new Map()).get(table) as Map<number, number>);
};

const isChunk = ({ chunks, chosen }: Step) => chosen.some((id) => chunks.includes(id));

describe('a Scheduler', () => {
  it('brings every request to its end', () => {
    for (const { seed, arrivals, steps } of played) {
      const ended = new Set(steps.flatMap((step) => step.ended));
      const missing = arrivals.filter(({ id, leaves }) => leaves === undefined && !ended.has(id));
      expect(missing, `table ${seed}`).toEqual([]);
    }
  });

  it('runs either one chunk or as many writers as fit, all of them ready', () => {
    check(({ limits }, { ready, chunks, chosen }) => {
      const writers = ready.filter((id) => !chunks.includes(id));
      if (chosen.some((id) => !ready.includes(id))) return true;
      if (chosen.some((id) => chunks.includes(id))) return chosen.length !== 1;
      return chosen.length !== Math.min(limits.width, writers.length) || (chosen.length === 0 && ready.length > 0);
    });
  });

  it('never has more requests or tokens side by side than the limits, but for one alone', () => {
    check(({ limits, room }, { placed }) => {
      const tokens = placed.reduce((sum, id) => sum + room(id), 0);
      return placed.length > limits.slots || (placed.length > 1 && tokens > limits.tokens);
    });
  });

  it('lets lie at most one chunk between two tokens of an answer that is ready', () => {
    const chunksOf = counts();
    check((table, step) => {
      const waited = chunksOf(table);
      for (const id of step.chosen) waited.set(id, 0);
      if (!isChunk(step)) return false;
      const writers = step.ready.filter((id) => !step.chunks.includes(id));
      for (const id of writers) waited.set(id, (waited.get(id) ?? 0) + 1);
      return writers.some((id) => (waited.get(id) ?? 0) > 1);
    });
  });

  it('lets lie at most one round of tokens between two chunks', () => {
    const runs = counts();
    check((table, step) => {
      const waited = runs(table);
      const { slots, width } = table.limits;
      const count = isChunk(step) || step.chunks.length === 0 ? 0 : (waited.get(0) ?? 0) + 1;
      waited.set(0, count);
      // Whoever had the last chunk can become ready after the others wrote, and writes its token on its own.
      return count > Math.ceil(slots / width) + 1;
    });
  });

  it('lets nobody in line be overtaken more often than patience allows', () => {
    const overtaken = counts();
    check((table, { line, admitted }) => {
      const often = overtaken(table);
      admitted.forEach((id) => {
        for (const other of line.slice(0, line.indexOf(id))) often.set(other, (often.get(other) ?? 0) + 1);
      });
      return line.some((id) => !admitted.includes(id) && (often.get(id) ?? 0) > patience);
    });
  });

  it('lets nobody overtake whoever is next and waits for room', () => {
    const kept = new WeakMap<object, readonly number[]>();
    check((table, { line, admitted, placed }) => {
      // Of those that can be next since the last step, whoever gets a place now must be one, unless it was withdrawn.
      const before = kept.get(table) ?? [];
      const next = before.every((id) => line.includes(id)) ? before : [];
      const [first] = admitted;
      const left = line.filter((id) => !admitted.includes(id));
      const taken = placed.reduce((sum, id) => sum + table.room(id), 0);
      const blocked = placed.length < table.limits.slots && left.length > 0;
      const could = left.filter((id) => taken + table.room(id) > table.limits.tokens);
      kept.set(table, blocked ? (admitted.length === 0 && next.length > 0 ? next : could) : []);
      return (blocked && could.length === 0) || (first !== undefined && next.length > 0 && !next.includes(first));
    });
  });

  it('lets nobody be overtaken for a chunk more often than patience allows', () => {
    const overtaken = counts();
    const turns = counts();
    check((table, step, index) => {
      const [often, last] = [overtaken(table), turns(table)];
      step.admitted.forEach((id, place) => {
        last.set(id, index + place / 100);
      });
      const [chosen] = isChunk(step) ? step.chosen : [];
      for (const id of step.chunks) {
        const later = chosen !== undefined && (last.get(chosen) ?? 0) > (last.get(id) ?? 0);
        if (later) often.set(id, (often.get(id) ?? 0) + 1);
      }
      for (const id of step.chosen) {
        last.set(id, index + 0.5);
        often.set(id, 0);
      }
      return step.chunks.some((id) => (often.get(id) ?? 0) > patience);
    });
  });
});
