import { describe, expect, it } from 'vitest';
import { isStop, stopOutput, withStopOutput } from '../../../src/backends/onnx/stop-output.ts';

describe('withStopOutput', () => {
  it('puts a few bytes in front of a model, and changes none of its own', () => {
    const model = Uint8Array.from({ length: 1000 }, (_, index) => index % 256);
    const before = Uint8Array.from(model);
    const patched = withStopOutput(model);
    expect(model).toEqual(before);
    expect(patched.subarray(-1000)).toEqual(model);
    expect(patched.length).toBeLessThan(1100);
    expect(new TextDecoder().decode(patched.subarray(0, -1000))).toContain(stopOutput);
  });
});

describe('isStop', () => {
  it('tells the end of a whole run from a failure', () => {
    expect(isStop(new Error('Non tensor type is temporarily not supported.'))).toBe(true);
    expect(isStop(new Error('Non-zero status code returned while running Add node.'))).toBe(false);
    expect(isStop('Non tensor type is temporarily not supported.')).toBe(false);
    expect(isStop(undefined)).toBe(false);
  });
});
