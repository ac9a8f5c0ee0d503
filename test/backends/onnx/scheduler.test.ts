import { describe, expect, it } from 'vitest';
import { Scheduler } from '../../../src/backends/onnx/scheduler.ts';

const scheduled = (scheduler: Scheduler<{ id: number }>, turns: number) =>
  Array.from({ length: turns }, () => scheduler.schedule()?.id);

const scheduler = (limit: number, ...ids: readonly number[]) => {
  const made = new Scheduler<{ id: number }>(limit);
  for (const id of ids) made.add({ id });
  return made;
};

describe('Scheduler', () => {
  it('has nothing to do without requests', () => {
    expect(scheduler(2).busy).toBe(false);
    expect(scheduler(2).schedule()).toBeUndefined();
  });

  it('lets requests take turns', () => {
    expect(scheduled(scheduler(3, 1, 2, 3), 7)).toEqual([1, 2, 3, 1, 2, 3, 1]);
  });

  it('lets a newcomer begin at once where there is a place', () => {
    const one = scheduler(3, 1, 2);
    expect(scheduled(one, 3)).toEqual([1, 2, 1]);
    one.add({ id: 3 });
    expect(scheduled(one, 4)).toEqual([3, 2, 1, 3]);
  });

  it('keeps the others waiting in line until a place is free', () => {
    const one = scheduler(2, 1, 2, 3, 4);
    expect(scheduled(one, 4)).toEqual([1, 2, 1, 2]);
    expect(one.remove(1)).toEqual({ id: 1 });
    expect(scheduled(one, 3)).toEqual([3, 2, 3]);
  });

  it('takes a waiting one out of the line', () => {
    const one = scheduler(1, 1, 2, 3);
    one.schedule();
    expect(one.remove(2)).toEqual({ id: 2 });
    expect(one.remove(2)).toBeUndefined();
    one.remove(1);
    expect(scheduled(one, 2)).toEqual([3, 3]);
    one.remove(3);
    expect(one.busy).toBe(false);
  });
});
