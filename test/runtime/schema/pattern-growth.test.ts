import { describe, expect, it } from 'vitest';
import { allowance } from '../../../src/runtime/schema/allowance.ts';
import { patternGrowth } from '../../../src/runtime/schema/pattern-growth.ts';

const growthOf = (pattern: string): number => patternGrowth(pattern, allowance(2_000_000, 'too much'));

const exponential = Number.POSITIVE_INFINITY;

describe('patternGrowth', () => {
  it.each([
    '^(a+)+$',
    '^(a|a)*$',
    '(a|aa)+$',
    '^(\\w+\\s?)*$',
    '(.*a){20}',
    '^([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$',
    '(a+){10}$',
    '^(a*)*b$',
    '^((a|b)*c?)*$',
    '^(?:a?){30}a{30}$',
    '(x+x+)+y',
    '^(.*,){15}P',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '^(?=(a+)+$)x',
    '^(?!(a|a)*b)x',
    '^(a|b|ab)*c$',
    '^(?:a(?:b?|c?))*$',
    '^([a-z]+)+\\1$',
    '^(é|\\u00e9)*$',
    '^(😀|\\u{1F600}x?)*$',
  ])('finds that %s takes exponential time', (pattern) => {
    expect(growthOf(pattern)).toBe(exponential);
  });

  it.each([
    [1, '^[A-Z]{2}-\\d{4}$'],
    [1, '^\\d{4}-\\d{2}-\\d{2}$'],
    [1, '^[a-z0-9._%+-]+@[a-z0-9.-]+\\.[a-z]{2,}$'],
    [1, '^#[0-9a-f]{6}$'],
    [1, 'a+'],
    [1, '^.{1,5000}$'],
    [1, '^https?://.+$'],
    [1, '^\\w+(, \\w+)*$'],
    [1, '^/([^/]+/)*[^/]*$'],
    [1, '^(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)){3}$'],
    [1, '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$'],
    [1, '^\\p{Lu}\\p{Ll}*(?: \\p{Lu}\\p{Ll}*)*$'],
    [2, '^.*foo.*$'],
    [2, 'a+$'],
    [2, '^(?!.*\\.\\.).+$'],
    [3, '^\\S+@\\S+\\.\\S+$'],
    [3, 'foo.*bar.*baz'],
    [4, '^\\s*\\w*\\s*\\w*\\s*\\w*\\s*$x'],
    [5, '^a*a*a*a*a*$'],
  ])('finds that the time grows as the power of %i for %s', (power, pattern) => {
    expect(growthOf(pattern)).toBe(power);
  });

  it.each([
    ['counts within counts', '^(?:(?:(?:(?:){24}){24}){24}){24}$'],
    [
      'many classes',
      `^${Array.from({ length: 2000 }, (_, index) => `[\\u{${(0x4e00 + 3 * index).toString(16)}}]`).join('')}$`,
    ],
    [
      'many ways on',
      `^(?:${Array.from({ length: 400 }, (_, index) => `[a-${'xyz'[index % 3]}]${index}`).join('|')})*$`,
    ],
  ])('does not take long to judge %s', (_, pattern) => {
    const start = performance.now();
    expect(() => growthOf(pattern)).toThrow('too much');
    expect(performance.now() - start).toBeLessThan(4000);
  });
});
