import type { CacheTensor } from './cache-tensor.ts';
import { ModelError } from './model-error.ts';
import type { JsonObject } from './model-files.ts';

/** What a graph tells of one of its inputs or outputs. */
export type GraphValue = {
  readonly name: string;
  readonly type?: string;
  /** A number where a dimension is fixed, a name where it is not. */
  readonly shape?: readonly (number | string)[];
};

/** Which inputs a graph wants, and what it gives. */
export type GraphLayout = {
  readonly attentionMask: boolean;
  readonly positionIds: boolean;
  /** The shape of the input that tells of how many tokens the scores are wanted; absent where there is no such input. */
  readonly logitsToKeep?: readonly number[];
  readonly caches: readonly CacheTensor[];
  /** How many scores a token has, and of what kind they are. */
  readonly vocabulary: number;
  readonly scores: CacheTensor['type'];
  /** How many tokens of a prompt go into one run. */
  readonly chunk: number;
};

const known = ['input_ids', 'attention_mask', 'position_ids', 'num_logits_to_keep'];
/** Shorter ones cost time: of a prompt of 512 or 1,024 tokens, chunks of 128 take about 4 % more, and of 64 about 10 %. */
const longestChunk = 192;
/** Scores that one run may make at most, where a graph gives those of every token: 16 Mi, 64 MB. */
const mostScores = 2 ** 24;

/**
 * Finds its way in a graph by the names of its inputs and outputs. config.json tells what the graph leaves open.
 *
 * @throws ModelError where the graph is not a decoder with a cache, or wants something that nobody here can give.
 */
export const readGraphLayout = (
  inputs: readonly GraphValue[],
  outputs: readonly GraphValue[],
  config: JsonObject,
): GraphLayout => {
  const past = inputs.filter(({ name }) => name.startsWith('past_key_values.'));
  const stranger = inputs.find((input) => !known.includes(input.name) && !past.includes(input));
  if (stranger) throw unsupported(config, `an input \`${stranger.name}\`, which Millrace does not know`);
  for (const name of ['input_ids', 'logits']) {
    if (![...inputs, ...outputs].some((value) => value.name === name)) throw unsupported(config, `no \`${name}\``);
  }
  if (past.length === 0) throw unsupported(config, 'no cache inputs `past_key_values.*`');

  const keep = inputs.find(({ name }) => name === 'num_logits_to_keep');
  const integers = inputs.find(({ name, type }) => known.includes(name) && type !== 'int64');
  if (integers) throw unsupported(config, `\`${integers.name}\` of type ${integers.type}`);
  const logits = outputs.find(({ name }) => name === 'logits');
  if (logits?.type !== 'float32' && logits?.type !== 'float16') {
    throw unsupported(config, `\`logits\` of type ${logits?.type}`);
  }
  const vocabulary = count(logits.shape?.at(-1), config.vocab_size);
  if (vocabulary === undefined) throw unsupported(config, 'scores of unknown width: config.json has no vocab_size');
  const caches = past.map((input) => readCache(input, outputs, config));
  if (caches.some(({ type }) => type !== caches[0]?.type)) throw unsupported(config, 'caches of several types');
  return {
    attentionMask: inputs.some(({ name }) => name === 'attention_mask'),
    positionIds: inputs.some(({ name }) => name === 'position_ids'),
    ...(keep && { logitsToKeep: (keep.shape ?? []).map(() => 1) }),
    caches,
    vocabulary,
    scores: logits.type,
    chunk: keep ? longestChunk : Math.max(16, Math.min(longestChunk, Math.floor(mostScores / vocabulary))),
  };
};

const readCache = (
  { name, type, shape = [] }: GraphValue,
  outputs: readonly GraphValue[],
  config: JsonObject,
): CacheTensor => {
  const output = name.replace('past_key_values', 'present');
  if (!outputs.some((value) => value.name === output))
    throw unsupported(config, `no \`${output}\` to continue \`${name}\``);
  if (type !== 'float32' && type !== 'float16') throw unsupported(config, `a cache \`${name}\` of type ${type}`);
  const heads = count(shape[1], config.num_key_value_heads ?? config.num_attention_heads);
  const size = count(shape[3], config.head_dim ?? Number(config.hidden_size) / Number(config.num_attention_heads));
  if (shape.length !== 4 || heads === undefined || size === undefined) {
    throw unsupported(config, `a cache \`${name}\` of shape [${shape.join(', ')}]`);
  }
  return { input: name, output, type, heads, size };
};

const count = (...candidates: readonly unknown[]): number | undefined =>
  candidates.find((value): value is number => typeof value === 'number' && Number.isInteger(value));

const unsupported = ({ model_type: type }: JsonObject, found: string): ModelError =>
  new ModelError(
    `Expected a decoder for text with the inputs ${known.join(', ')} and past_key_values.*, found ${found}: an export${type ? ` of ${type}` : ''} like this one is not supported`,
  );
