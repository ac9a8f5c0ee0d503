import { describe, expect, it } from 'vitest';
import { NativeGate } from '../../../src/backends/onnx/native-gate.ts';

describe('NativeGate', () => {
  it('gives what is done within it, and lets its errors out', async () => {
    const { pass } = new NativeGate();
    expect(await pass(async () => 7)).toBe(7);
    await expect(pass(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('lets nobody pass once it is closed', async () => {
    const gate = new NativeGate();
    const other = new NativeGate(gate.memory, 'text');
    gate.close();
    let passed = 0;
    for (const { pass } of [gate, other]) {
      const late = pass(async () => passed++);
      expect(await Promise.race([late, new Promise((resolve) => setImmediate(resolve, 'later'))])).toBe('later');
    }
    expect(passed).toBe(0);
  });

  it.each(['model', 'text'] as const)('waits for the %s thread, but not for ever', async (thread) => {
    const gate = new NativeGate();
    let leave = () => {};
    const inside = new NativeGate(gate.memory, thread).pass(() => new Promise<void>((resolve) => (leave = resolve)));
    const start = performance.now();
    gate.close(30);
    expect(performance.now() - start).toBeGreaterThan(25);
    leave();
    await inside;
    const again = performance.now();
    gate.close();
    expect(performance.now() - again).toBeLessThan(1000);
  });
});
