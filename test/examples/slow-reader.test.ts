import { scripted } from 'millrace/testing';
import { of } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { slowReader } from '../../examples/slow-reader.ts';

describe('slow-reader', () => {
  // What waits for promises cannot run in the virtual time of RxJS.
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  const words = Array.from({ length: 32 }, (_, index) => `${index} `);

  it('shows a model that makes four tokens more than are read, and none while its reader rests', async () => {
    const model = scripted(words);
    const rows: string[] = [];
    of('The reef.')
      .pipe(slowReader.workflow({ small: model, large: model }))
      .subscribe((row) => rows.push(`${row}`));
    await vi.runAllTimersAsync();
    expect(rows).toEqual([
      '0.3 s  ████░░░░  4 read, 8 made',
      '0.5 s  ███████░░░░  7 read, 11 made',
      '0.8 s  ██████████░░░░  10 read, 14 made',
      '1.0 s  ████████████░░░░  12 read, 16 made',
      '1.3 s  ████████████░░░░  12 read, 16 made',
      '1.5 s  ████████████░░░░  12 read, 16 made',
      '1.8 s  ████████████░░░░  12 read, 16 made',
      '2.0 s  ██████████████░░░░  14 read, 18 made',
      '2.3 s  █████████████████░░░░  17 read, 21 made',
      '2.5 s  ████████████████████░░░░  20 read, 24 made',
      '2.8 s  ███████████████████████░░░░  23 read, 27 made',
      '3.0 s  ██████████████████████████░░░░  26 read, 30 made',
      '3.3 s  ██████████████████████████████░░  30 read, 32 made',
      '3.5 s  ████████████████████████████████  32 read, 32 made',
    ]);
  });

  it('stops the model and the clock when it is left', async () => {
    const model = scripted(words);
    const watching = of('The reef.')
      .pipe(slowReader.workflow({ small: model, large: model }))
      .subscribe();
    await vi.advanceTimersByTimeAsync(1_000);
    watching.unsubscribe();
    await vi.advanceTimersByTimeAsync(0);
    expect(model.readings).toEqual([{ taken: expect.any(Number), unsubscribed: true }]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
