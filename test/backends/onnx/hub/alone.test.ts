import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { alone } from '../../../../src/backends/onnx/hub/alone.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-alone-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('alone', () => {
  it('does one thing after the other, also where one fails, and leaves nothing behind', async () => {
    let inside = 0;
    const work = (fails: boolean) => async () => {
      expect(++inside).toBe(1);
      for (let turn = 0; turn < 10; turn++) await setImmediate();
      inside--;
      if (fails) throw new Error('no room');
      return 'done';
    };
    const works = [false, true, false].map((fails) => alone(folder, work(fails)).catch(({ message }) => message));
    expect(await Promise.all(works)).toEqual(['done', 'no room', 'done']);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('goes on where a process died in the middle of it', async () => {
    mkdirSync(join(folder, '.busy'));
    expect(await alone(folder, async () => 'done')).toBe('done');
    expect(readdirSync(folder)).toEqual([]);
  }, 20_000);

  it('fails where the folder cannot be written to', async () => {
    await expect(alone(join(folder, 'nowhere'), async () => 'done')).rejects.toThrow(/ENOENT/);
  });
});
