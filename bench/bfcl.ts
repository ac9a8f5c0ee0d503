import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { JsonSchema, ToolDefinition } from 'millrace';

/** One question of the Berkeley Function Calling Leaderboard, and the calls that answer it. */
export type Case = {
  readonly question: string;
  readonly tools: readonly ToolDefinition[];
  /** By function, by argument, the accepted values; an empty string among them lets the argument be left out. */
  readonly gold: { readonly [name: string]: { readonly [argument: string]: readonly unknown[] } };
};

const root = dirname(createRequire(import.meta.url).resolve('millrace/package.json'));
const folder = join(root, '../shared/outside/bfcl');

const lines = (path: string) =>
  readFileSync(join(folder, path), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** Whether the questions are beside the project. */
export const hasBfcl = (): boolean => existsSync(folder);

/** The first `count` questions of a set. */
export const bfcl = (set: 'simple_python' | 'multiple', count: number): readonly Case[] => {
  const golds = new Map(lines(`possible_answer/${set}.jsonl`).map(({ id, ground_truth }) => [id, ground_truth[0]]));
  return lines(`${set}.jsonl`)
    .slice(0, count)
    .map(({ id, question, function: functions }) => ({
      question: question[0].at(-1).content,
      tools: functions.map((entry: ToolDefinition) => ({ ...entry, parameters: toJsonSchema(entry.parameters) })),
      gold: golds.get(id),
    }));
};

const types: { readonly [type: string]: string | undefined } = {
  dict: 'object',
  float: 'number',
  double: 'number',
  long: 'integer',
  tuple: 'array',
  list: 'array',
};

/** The sets write `dict` for `object` and the like; `any` is left open. */
const toJsonSchema = (value: unknown): JsonSchema => {
  if (typeof value !== 'object' || value === null) return value as JsonSchema;
  if (Array.isArray(value)) return value.map(toJsonSchema) as never;
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'optional') return [];
    if (key !== 'type' || typeof inner !== 'string') return [[key, toJsonSchema(inner)]];
    return inner === 'any' ? [] : [[key, types[inner] ?? inner]];
  });
  return Object.fromEntries(entries);
};

type Accepted = { readonly [name: string]: readonly unknown[] };

const isRecord = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a call is the right one: its name, and every argument among the accepted values. */
export const isRight = (gold: Case['gold'], call: { readonly name: string; readonly arguments: unknown }): boolean => {
  const accepted = gold[call.name];
  return accepted !== undefined && matches(accepted, call.arguments);
};

const matches = (accepted: Accepted, given: unknown): boolean =>
  isRecord(given) &&
  Object.keys(given).every((name) => Object.hasOwn(accepted, name)) &&
  Object.entries(accepted).every(([name, values]) =>
    Object.hasOwn(given, name) ? values.some((value) => same(value, given[name])) : values.includes(''),
  );

/** An object among the accepted values again lists what it accepts under each key. */
const same = (expected: unknown, received: unknown): boolean =>
  isRecord(expected) ? matches(expected as Accepted, received) : plain(expected) === plain(received);

/** Strings without case, spaces and punctuation. */
const plain = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value.toLowerCase().replaceAll(/[\s\p{P}\p{S}]/gu, ''));
  return Array.isArray(value) ? `[${value.map(plain).join()}]` : JSON.stringify(value);
};
