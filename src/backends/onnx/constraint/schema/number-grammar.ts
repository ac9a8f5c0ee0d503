import { nothing } from '../grammar-writer.ts';
import { bounds } from './bounds.ts';
import { type Decimal, toDecimal } from './decimal.ts';
import { multipleGrammar } from './multiple-grammar.ts';
import { numbersOf } from './numbers-of.ts';
import type { SchemaContext } from './schema-context.ts';
import type { SchemaObject } from './schema-document.ts';

/** A limit of a magnitude; the limit itself belongs to it unless `open`. */
type Limit = { readonly value: number; readonly open: boolean };

/**
 * The body of a rule for the numbers that all these schemas allow. They are written without an exponent, without a
 * negative zero, with digits as `bounds` says.
 */
export const numberGrammar = (
  { writer }: SchemaContext,
  schemas: readonly SchemaObject[],
  type: 'integer' | 'number',
): string => {
  const bounded = schemas.flatMap((schema) => [schema, ...formatOf(schema)]);
  const low = strictest(bounded, 'minimum', 'exclusiveMinimum', (one, other) => one > other);
  const high = strictest(bounded, 'maximum', 'exclusiveMaximum', (one, other) => one < other);
  const divisors = numbersOf(bounded, 'multipleOf');
  const whole = type === 'integer' || divisors.some(Number.isInteger);
  const multiples = multipleGrammar(writer, divisors, whole);
  const shape = magnitudes(whole, [low, high]);
  const zero = { value: 0, open: false };
  const within = (from: Limit | undefined, to: Limit | undefined) =>
    [shape, from && above(toDecimal(from.value), from.open), to && below(toDecimal(to.value), to.open), multiples]
      .filter((part) => part !== undefined)
      .map((part) => `(${part})`)
      .join(' & ');

  const positive = (low?.value ?? 0) > 0 ? low : low?.value === 0 && low.open ? low : undefined;
  const options: string[] = [];
  if (high === undefined || high.value >= 0) options.push(within(positive, high));
  if (low === undefined || low.value < 0) {
    const nearest = high && high.value < 0 ? negate(high) : { ...zero, open: true };
    options.push(`"-" (${within(nearest, low && negate(low))})`);
  }
  return options.length === 0 ? nothing : options.map((option) => `(${option})`).join(' | ');
};

/** What a format says of a number, in keywords. */
const formatOf = ({ format }: SchemaObject): readonly SchemaObject[] => {
  if (format === 'int64') return [{ multipleOf: 1 }];
  return format === 'int32' ? [{ multipleOf: 1, minimum: -(2 ** 31), maximum: 2 ** 31 - 1 }] : [];
};

const negate = ({ value, open }: Limit): Limit => ({ value: -value, open });

const strictest = (
  schemas: readonly SchemaObject[],
  keyword: string,
  openKeyword: string,
  isStricter: (one: number, other: number) => boolean,
): Limit | undefined => {
  const limits = [
    ...numbersOf(schemas, openKeyword).map((value) => ({ value, open: true })),
    ...numbersOf(schemas, keyword).map((value) => ({ value, open: false })),
  ];
  return limits.reduce<Limit | undefined>(
    (best, limit) => (best && !isStricter(limit.value, best.value) ? best : limit),
    undefined,
  );
};

/** All magnitudes that are written at all. A schema's own limits may need more digits than ours. */
const magnitudes = (isWhole: boolean, limits: readonly (Limit | undefined)[]): string => {
  const decimals = limits.filter((limit) => limit !== undefined).map(({ value }) => toDecimal(value));
  const digits = Math.max(bounds.integerDigits, ...decimals.map((decimal) => decimal.whole.length));
  const integer = upTo(digits);
  if (isWhole) return integer;
  const behind = Math.max(bounds.fractionDigits, ...decimals.map(({ fraction }) => fraction.length));
  const before = Math.max(
    bounds.wholeDigits,
    ...decimals.filter(({ fraction }) => fraction).map(({ whole }) => whole.length),
  );
  return `${integer} | (${upTo(before)}) "." [0-9]{1,${behind}}`;
};

const upTo = (digits: number): string => `"0" | [1-9] [0-9]{0,${digits - 1}}`;

const anyFraction = '("." [0-9]+)?';
const zeros = '"0"*';

/** Magnitudes above a limit, however many digits they take. */
const above = ({ whole, fraction }: Decimal, open: boolean): string =>
  [
    `[1-9] [0-9]{${whole.length},} ${anyFraction}`,
    ...differing(whole, (digit, index) => digits(digit + 1, 9, whole.length > 1 && index === 0 ? 1 : 0)).map(
      (option) => `${option} ${anyFraction}`,
    ),
    ...(fraction === '' ? [`"${whole}." ${zeros} [1-9] [0-9]*`] : []),
    ...differing(fraction, (digit) => digits(digit + 1, 9, 0), true).map((option) => `"${whole}." ${option}`),
    ...(fraction === '' ? [] : [`"${whole}.${fraction}" ${zeros} [1-9] [0-9]*`]),
    ...(open ? [] : [exactly(whole, fraction)]),
  ].join(' | ');

/** Magnitudes below a limit. */
const below = ({ whole, fraction }: Decimal, open: boolean): string =>
  [
    ...(whole.length > 1 ? [`"0" ${anyFraction}`] : []),
    ...(whole.length > 1 ? [`[1-9] [0-9]{0,${whole.length - 2}} ${anyFraction}`] : []),
    ...differing(whole, (digit, index) => digits(0, digit - 1, whole.length > 1 && index === 0 ? 1 : 0)).map(
      (option) => `${option} ${anyFraction}`,
    ),
    ...(fraction === '' ? [] : [`"${whole}"`]),
    ...Array.from(fraction, (_, index) => `"${whole}.${fraction.slice(0, index)}" ${index > 0 ? zeros : '"0"+'}`),
    ...differing(fraction, (digit) => digits(0, digit - 1, 0), true).map((option) => `"${whole}." ${option}`),
    ...(open ? [] : [exactly(whole, fraction)]),
  ].join(' | ');

const exactly = (whole: string, fraction: string): string =>
  fraction === '' ? `"${whole}" ("." "0"+)?` : `"${whole}.${fraction}" ${zeros}`;

/** Texts that begin as the digits do, and then differ in one; any digits follow, as many as are left unless `endless`. */
const differing = (text: string, other: (digit: number, index: number) => string, endless = false): readonly string[] =>
  Array.from(text, (digit, index) => {
    const rest = endless ? '[0-9]*' : `[0-9]{${text.length - index - 1}}`;
    return `"${text.slice(0, index)}" ${other(Number(digit), index)} ${rest}`;
  });

const digits = (from: number, to: number, least: number): string =>
  Math.max(from, least) > to ? nothing : `[${Math.max(from, least)}-${to}]`;
