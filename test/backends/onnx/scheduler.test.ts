import { describe, expect, it } from 'vitest';
import { type Candidate, Scheduler } from '../../../src/backends/onnx/scheduler.ts';
import { type Arrival, play } from '../../support/schedule-table.ts';

const wide = { slots: 8, tokens: 1000, width: 8 };
const schedule = (table: readonly Arrival[], limits = {}) => play(table, { ...wide, ...limits }).text.split('\n');

type Writer = Candidate & { held: boolean };

/** One that writes a token each time, whose reader can be made to hold. */
const writer = (id: number): Writer => ({
  id,
  priority: 0,
  passed: 0,
  room: 1,
  pending: 1,
  held: false,
  idle: 0,
  get ready() {
    return !this.held;
  },
});

describe('Scheduler', () => {
  it('has nothing to do without requests', () => {
    const scheduler = new Scheduler(wide);
    expect(scheduler.admit()).toBeUndefined();
    expect(scheduler.schedule()).toEqual([]);
    expect(scheduler.waiting).toEqual([]);
    expect(scheduler.running).toEqual([]);
  });

  it('lets those that write do so together', () => {
    expect(
      schedule([
        { id: 1, answer: 3 },
        { id: 2, answer: 5 },
        { id: 3, at: 1, answer: 2 },
      ]),
    ).toEqual(['1 www', '2 wwwww', '3  ww']);
  });

  it('computes prompts a chunk at a time, in turns, and writes in between', () => {
    expect(
      schedule([
        { id: 1, answer: 6 },
        { id: 2, at: 1, prompt: 12, answer: 2 },
        { id: 3, at: 1, prompt: 8, answer: 3 },
      ]),
    ).toEqual([
      '1 w-w-w-w-w-w', //
      '2  C---C---Cw',
      '3  --C---Cw-w',
    ]);
  });

  it('lets writers take turns where one run does not take them all, and computes a chunk after each round', () => {
    expect(
      schedule(
        [
          { id: 1, answer: 4 },
          { id: 2, answer: 4 },
          { id: 3, at: 2, prompt: 12, answer: 2 },
        ],
        { width: 1 },
      ),
    ).toEqual([
      '1 w--w--w--w', //
      '2 -w--w--w--w',
      '3   C--C--C--w',
    ]);
  });

  it('leaves out who is not ready, and goes on with the others', () => {
    expect(
      schedule([
        { id: 1, answer: 3, thinks: 2 },
        { id: 2, answer: 6 },
      ]),
    ).toEqual([
      '1 w--w--w', //
      '2 wwwwww',
    ]);
  });

  it('has nothing to do while nobody is ready', () => {
    expect(schedule([{ id: 1, answer: 2, thinks: 3 }])).toEqual(['1 w---w']);
  });

  it('keeps requests in line until a place is free', () => {
    expect(
      schedule(
        [
          { id: 1, answer: 2 },
          { id: 2, answer: 4 },
          { id: 3, answer: 1 },
          { id: 4, answer: 2 },
        ],
        { slots: 2 },
      ),
    ).toEqual([
      '1 ww', //
      '2 wwww',
      '3 ..w',
      '4 ...ww',
    ]);
  });

  it('keeps requests in line until there is room for all that they can come to', () => {
    const table = [
      { id: 1, prompt: 1, answer: 3 },
      { id: 2, prompt: 1, answer: 3 },
      { id: 3, prompt: 1, answer: 2 },
    ];
    expect(schedule(table, { tokens: 8 })).toEqual(['1 www', '2 www', '3 ...ww']);
    expect(schedule(table, { tokens: 11 })).toEqual(['1 www', '2 www', '3 ww']);
  });

  it('lets one alone take more than there is room for', () => {
    expect(
      schedule(
        [
          { id: 1, answer: 20 },
          { id: 2, answer: 1 },
        ],
        { tokens: 10 },
      ),
    ).toEqual([`1 ${'w'.repeat(20)}`, `2 ${'.'.repeat(20)}w`]);
  });

  it('does not let others overtake whoever is next and waits for room', () => {
    expect(
      schedule(
        [
          { id: 1, answer: 3 },
          { id: 2, answer: 7 },
          { id: 3, answer: 1 },
          { id: 4, at: 1, answer: 1, priority: 9 },
        ],
        { tokens: 9 },
      ),
    ).toEqual([
      '1 www', //
      '2 ...wwwwwww',
      '3 ..........w',
      '4  .........w',
    ]);
  });

  it('goes on to another where whoever was next is withdrawn', () => {
    expect(
      schedule(
        [
          { id: 1, answer: 5 },
          { id: 2, answer: 7, leaves: 2 },
          { id: 3, answer: 1 },
        ],
        { tokens: 9 },
      ),
    ).toEqual([
      '1 wwwww', //
      '2 ..',
      '3 ..w',
    ]);
  });

  it('prefers a higher priority in line and for chunks, and passes nobody more than eight times', () => {
    const urgent = Array.from({ length: 12 }, (_, index) => ({ id: 3 + index, answer: 1, priority: 1 }));
    const line = schedule([{ id: 1, answer: 1 }, { id: 2, answer: 1 }, ...urgent], { slots: 1 });
    expect(line.slice(0, 3)).toEqual([`1 ${'.'.repeat(8)}w`, `2 ${'.'.repeat(9)}w`, '3 w']);
    expect(line.at(-1)).toBe(`14 ${'.'.repeat(13)}w`);
    expect(
      schedule([
        { id: 1, prompt: 8, answer: 1 },
        { id: 2, prompt: 44, answer: 1, priority: 1 },
      ]),
    ).toEqual(['1 ---------C--C', '2 CCCCCCCCC-CC']);
  });

  it('takes out who leaves, in line or in its place, and gives it', () => {
    const scheduler = new Scheduler({ ...wide, slots: 1 });
    const members = [1, 2, 3].map(writer);
    for (const member of members) scheduler.add(member);
    expect(scheduler.admit()).toBe(members[0]);
    expect(scheduler.remove(2)).toBe(members[1]);
    expect(scheduler.remove(2)).toBeUndefined();
    expect(scheduler.waiting).toHaveLength(1);
    expect(scheduler.remove(1)).toBe(members[0]);
    expect(scheduler.schedule()).toEqual([]);
    expect(scheduler.admit()).toBe(members[2]);
    expect(scheduler.schedule()).toEqual([members[2]]);
  });

  it('takes the place of one whose reader is found behind 32 times, where somebody waits for it', () => {
    const scheduler = new Scheduler<Writer>({ ...wide, slots: 2 });
    const [one, two, three] = [1, 2, 3].map(writer) as [Writer, Writer, Writer];
    for (const member of [one, two, three]) scheduler.add(member);
    scheduler.admit();
    scheduler.admit();
    one.held = true;
    for (let run = 0; run < 32; run++) {
      expect(scheduler.park()).toBeUndefined();
      expect(scheduler.schedule()).toEqual([two]);
    }
    expect(scheduler.park()).toBe(one);
    expect(scheduler.admit()).toBe(three);
    two.held = true;
    expect(scheduler.park()).toBeUndefined();
    expect(scheduler.running).toEqual([two, three]);
    one.held = false;
    expect(scheduler.park()).toBeUndefined();
    scheduler.remove(three.id);
    expect(scheduler.admit()).toBe(one);
  });

  it('counts anew how often a reader was found behind once it has caught up', () => {
    const scheduler = new Scheduler<Writer>({ ...wide, slots: 1 });
    const [one, two] = [1, 2].map(writer) as [Writer, Writer];
    for (const member of [one, two]) scheduler.add(member);
    scheduler.admit();
    for (let run = 0; run < 100; run++) {
      one.held = run % 32 !== 31;
      scheduler.schedule();
      expect(scheduler.park()).toBeUndefined();
    }
  });

  it('lets those keep their places whose readers are behind while nobody waits', () => {
    const scheduler = new Scheduler<Writer>(wide);
    const one = writer(1);
    scheduler.add(one);
    scheduler.admit();
    one.held = true;
    for (let run = 0; run < 100; run++) scheduler.schedule();
    expect(scheduler.park()).toBeUndefined();
    expect(scheduler.running).toEqual([one]);
  });
});
