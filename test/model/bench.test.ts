import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const bench = async (...words: string[]) => {
  const { stdout } = await promisify(execFile)(process.execPath, ['build/bench/bench.js', ...words, '--json']);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line));
};

describe('the benches', () => {
  it('print what they measured on both sides, one object a line', { timeout: 300_000 }, async () => {
    const rows = await bench('prefix', '--quick');
    expect(rows.map(({ peerName }) => peerName)).toEqual(expect.arrayContaining(['nothing shared', 'transformers.js']));
    for (const row of rows) {
      expect(Object.keys(row).sort()).toEqual(['bench', 'case', 'ours', 'peer', 'peerName', 'ratio', 'unit']);
      expect(row.ours).toBeGreaterThan(0);
      expect(row.ratio).toBeCloseTo(row.ours / row.peer);
    }
  });

  it('refuse a name that none of them has', async () => {
    await expect(bench('speed')).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('"speed"') });
  });
});
