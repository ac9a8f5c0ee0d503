import type { DownloadProgress } from 'millrace';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProgressMeter } from '../../../../src/backends/onnx/hub/progress-meter.ts';

describe('ProgressMeter', () => {
  let told: DownloadProgress[] = [];
  let meter: ProgressMeter;
  beforeEach(() => {
    vi.useFakeTimers();
    told = [];
    meter = new ProgressMeter('m', (progress) => told.push(progress));
    meter.expect('a', 1000);
    meter.expect('b', 500);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('reports ten times a second, and only what is new', () => {
    meter.reach('a', 0);
    for (let ms = 0; ms < 500; ms++) {
      meter.reach('a', ms);
      vi.advanceTimersByTime(1);
    }
    expect(told).toHaveLength(5);
    vi.advanceTimersByTime(60_000);
    const count = told.length;
    vi.advanceTimersByTime(60_000);
    expect(told).toHaveLength(count);
    expect(told.at(-1)).toEqual({ model: 'm', loaded: 499, total: 1500, speed: 0 });
  });

  it('takes the speed from what came, and not from what was here', () => {
    meter.reach('a', 900);
    for (let step = 1; step <= 10; step++) {
      vi.advanceTimersByTime(100);
      meter.reach('a', 900 + 10 * step);
    }
    meter.stop();
    expect(told.at(-1)).toEqual({ model: 'm', loaded: 1000, total: 1500, speed: 100 });
  });

  it('counts what is given up, and what has no known size', () => {
    meter.reach('a', 0);
    meter.reach('a', 600);
    meter.reach('a', 0);
    meter.reach('c', 70);
    expect(meter.missing).toBe(1500);
    meter.stop();
    expect(told.at(-1)).toMatchObject({ loaded: 70, total: 1570 });
  });

  it('leaves no timer behind', () => {
    meter.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
