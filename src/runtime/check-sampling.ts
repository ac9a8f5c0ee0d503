import { expected } from './expected.ts';
import type { Sampling } from './sampling.ts';

type Rule = readonly [wanted: string, holds: (value: unknown) => boolean];

const number = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const texts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((text) => typeof text === 'string' && text !== '');

const rules: { readonly [option in keyof Sampling]-?: Rule } = {
  temperature: ['a number of at least 0', (value) => number(value) && value >= 0],
  topP: ['a number above 0 and at most 1', (value) => number(value) && value > 0 && value <= 1],
  topK: ['a whole number of at least 1', (value) => Number.isInteger(value) && (value as number) >= 1],
  minP: ['a number from 0 to 1', (value) => number(value) && value >= 0 && value <= 1],
  seed: ['a whole number', (value) => Number.isSafeInteger(value)],
  maxTokens: ['a whole number of at least 1', (value) => Number.isInteger(value) && (value as number) >= 1],
  stop: ['a list of texts that are not empty', texts],
};

/** The names of all sampling options. */
export const samplingOptions: readonly (keyof Sampling)[] = Object.keys(rules) as (keyof Sampling)[];

/** Refuses a sampling option that is out of its range. */
export const checkSampling = (options: Sampling): void => {
  for (const option of samplingOptions) {
    const [wanted, holds] = rules[option];
    const value = options[option];
    if (value !== undefined && !holds(value)) throw new RangeError(expected(`\`${option}\``, wanted, value));
  }
};
