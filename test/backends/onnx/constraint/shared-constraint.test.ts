import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { SharedConstraint } from '../../../../src/backends/onnx/constraint/shared-constraint.ts';
import { SharedReply } from '../../../../src/backends/onnx/constraint/shared-reply.ts';

const make = (tokens = 100) => {
  const told: (number | 'ended')[] = [];
  const reply = SharedReply.create(tokens);
  // Both sides look at the same memory, as two threads do.
  const other = new SharedReply(reply.memory);
  const constraint = new SharedConstraint(
    other,
    (token) => told.push(token),
    () => told.push('ended'),
  );
  return { reply, constraint, told };
};

describe('SharedConstraint', () => {
  it('is ready once the other thread has told what comes first', () => {
    const { reply, constraint } = make();
    expect(constraint.ready).toBe(false);
    reply.mask.fill(0);
    reply.mask[1] = 5;
    reply.give([7, 8], false);
    expect(constraint.ready).toBe(true);
    expect(constraint.forced).toEqual([7, 8]);
    expect([...constraint.mask]).toEqual([0, 5, 0, 0]);
    expect(constraint.finished).toBe(false);
  });

  it('waits for the reply to each token', () => {
    const { reply, constraint, told } = make();
    reply.give([], false);
    constraint.accept(3);
    expect(told).toEqual([3]);
    expect(constraint.ready).toBe(false);
    reply.give([], true);
    expect(constraint.ready).toBe(true);
    expect(constraint.forced).toEqual([]);
    expect(constraint.finished).toBe(true);
  });

  it('waits no longer than it is told to', () => {
    const { reply, constraint } = make();
    constraint.wait(5);
    expect(constraint.ready).toBe(false);
    reply.give([], false);
    const start = performance.now();
    constraint.wait(10_000);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('is woken by the other thread', async () => {
    const { reply, constraint } = make();
    const other = new Worker(
      `const words = new Int32Array(require('node:worker_threads').workerData);
       Atomics.add(words, 0, 1);
       Atomics.notify(words, 0);`,
      { eval: true, workerData: reply.memory },
    );
    constraint.wait(20_000);
    expect(constraint.ready).toBe(true);
    await other.terminate();
  });

  it('fails with the words of the other thread, also where they are long', () => {
    const { reply, constraint } = make();
    reply.fail('Expected a grammar, received “none”');
    expect(constraint.ready).toBe(true);
    expect(() => constraint.forced).toThrow(new Error('Expected a grammar, received “none”'));
    const { reply: small, constraint: cut } = make(32);
    small.fail('too long '.repeat(1000));
    expect(() => cut.forced).toThrow(/^too long too long/);
  });

  it('tells the other thread when the answer has ended', () => {
    const { constraint, told } = make();
    constraint.dispose();
    expect(told).toEqual(['ended']);
  });
});
