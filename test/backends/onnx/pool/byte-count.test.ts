import { describe, expect, it } from 'vitest';
import { byteCount } from '../../../../src/backends/onnx/pool/byte-count.ts';
import { byteText } from '../../../../src/backends/onnx/pool/byte-text.ts';

describe('byteCount', () => {
  it.each([
    [1, 1],
    [1e9, 1e9],
    [1.9, 1],
    ['2 GB', 2e9],
    ['1.5gb', 1.5e9],
    ['512 MB', 512e6],
    [' 512 MiB ', 512 * 2 ** 20],
    ['10 kB', 10_000],
    ['1 TiB', 2 ** 40],
    ['7 b', 7],
  ])('reads %j as %d', (size, bytes) => {
    expect(byteCount(size)).toBe(bytes);
  });

  it.each([0, -1, Number.NaN, '', '2', '2 G', 'GB', '-1 GB', '1e9 B', '0 MB', null, undefined, {}, []])(
    'refuses %j',
    (size) => {
      expect(byteCount(size)).toBeUndefined();
    },
  );
});

describe('byteText', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [218_776_904, '219 MB'],
    [1_930_000_000, '1.93 GB'],
    [5e15, '5000 TB'],
  ])('writes %d as %s', (bytes, text) => {
    expect(byteText(bytes)).toBe(text);
  });
});
