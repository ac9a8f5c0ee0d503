import type { InferenceRequest, JsonSchema } from 'millrace';
import type { Chance } from './chance.ts';

/** What a model is to say to one request. */
export type Script = {
  /** The request's number, which stands in each word, so that every answer tells who gave it. */
  readonly number: number;
  readonly words: readonly string[];
  readonly calls: readonly { readonly name: string; readonly arguments: unknown }[];
  readonly cut: boolean;
};

/** Writes a script for a request: some words; where there are tools, perhaps calls; where there is a schema, perhaps what it wants. */
export const writeScript = (number: number, request: InferenceRequest, chance: Chance): Script => {
  const { schema, tools = [], toolChoice } = request;
  const words = schema === undefined ? prose(number, chance) : json(number, schema, chance);
  const rounds = request.messages.filter(({ role }) => role === 'tool').length;
  const calling = tools.length > 0 && toolChoice !== 'none' && chance.of(rounds > 4 ? 0.05 : 0.6);
  const calls = calling ? Array.from({ length: chance.between(1, 3) }, () => call(tools, chance)) : [];
  return {
    number,
    words: calling && chance.of(0.5) ? [] : words,
    calls,
    cut: whole(words, schema) && !calling && chance.of(0.05),
  };
};

/** Where an answer is no JSON, nobody can tell what belongs to it at the end. */
const whole = (words: readonly string[], schema: JsonSchema | undefined): boolean =>
  schema === undefined || !words.includes('know.');

const prose = (number: number, chance: Chance): readonly string[] =>
  Array.from({ length: chance.between(1, chance.of(0.1) ? 120 : 12) }, (_, index) => `${number}.${index} `);

const json = (number: number, schema: JsonSchema, chance: Chance): readonly string[] => {
  if (chance.of(0.2)) return [`${number} does `, 'not ', 'know.'];
  const choices = (schema as { readonly enum?: readonly string[] }).enum;
  const value = choices ? chance.pick(choices) : { by: number, words: prose(number, chance).join('') };
  return JSON.stringify(value).match(/.{1,7}/g) ?? [];
};

const call = (tools: NonNullable<InferenceRequest['tools']>, chance: Chance): Script['calls'][number] => {
  if (chance.of(0.05)) return { name: 'nothing_of_the_kind', arguments: {} };
  const { name } = chance.pick(tools);
  return { name, arguments: chance.of(0.1) ? { key: 5 } : { key: 'k' } };
};
