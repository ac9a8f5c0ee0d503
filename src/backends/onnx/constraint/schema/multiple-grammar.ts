import type { GrammarWriter } from '../grammar-writer.ts';
import { bounds } from './bounds.ts';

/**
 * Integers that all these numbers divide; `undefined` where there is nothing to hold. Only whole divisors up to a bound
 * are held, and only where the number itself is whole.
 */
export const multipleGrammar = (
  writer: GrammarWriter,
  divisors: readonly number[],
  whole: boolean,
): string | undefined => {
  const held = divisors.filter((divisor) => Number.isInteger(divisor) && divisor > 0);
  const isImplied = (divisor: number) => whole && Number.isInteger(Math.log2(divisor)) && divisor < 1;
  const divisor = held.reduce((one, other) => (one * other) / greatestCommon(one, other), 1);
  const isHeld = divisor <= bounds.multipleOf;
  if (!isHeld || divisors.some((one) => !held.includes(one) && !isImplied(one))) writer.leaveOut('multipleOf');
  return divisor > 1 && isHeld ? remainderRules(writer, divisor) : undefined;
};

const greatestCommon = (one: number, other: number): number => (other === 0 ? one : greatestCommon(other, one % other));

/** One rule for each remainder of the digits so far. */
const remainderRules = (writer: GrammarWriter, divisor: number): string => {
  const names = Array.from({ length: divisor }, (_, remainder) =>
    writer.reserve(`remainder_${remainder}_of_${divisor}`),
  );
  names.forEach((name, remainder) => {
    const steps = Array.from({ length: 10 }, (_, digit) => `"${digit}" ${names[(remainder * 10 + digit) % divisor]}`);
    writer.define(name, `${remainder === 0 ? '"" | ' : ''}${steps.join(' | ')}`);
  });
  return names[0] as string;
};
