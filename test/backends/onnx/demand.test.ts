import { describe, expect, it } from 'vitest';
import { Demand } from '../../../src/backends/onnx/demand.ts';

describe('Demand', () => {
  it('shows one thread at once what its reader does in another', () => {
    const reader = Demand.create();
    const model = new Demand(reader.memory);
    expect([model.behind(1), model.behind(2), model.left]).toEqual([false, true, false]);
    reader.take();
    expect([model.behind(2), model.behind(3)]).toEqual([false, true]);
    reader.leave();
    expect(model.left).toBe(true);
  });

  it('asks for one word, however much is taken after it', () => {
    const demand = Demand.create();
    expect(demand.take()).toBe(false);
    demand.await();
    expect([demand.take(), demand.take()]).toEqual([true, false]);
    demand.await();
    expect([demand.take(), demand.take()]).toEqual([true, false]);
  });
});
