import { open } from 'node:fs/promises';
import { damagedFile } from '../damaged-file.ts';
import type { GraphValue } from '../graph-layout.ts';
import { type FileField, MessageFile } from '../protobuf/message-file.ts';
import { protobufFields } from '../protobuf/protobuf-fields.ts';
import { type Weight, weightBytes } from './weight-bytes.ts';

/** What an .onnx file tells of the memory that its model will need. */
export type GraphFacts = {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /** Whether every layer is of the kind that can keep its cache in place. */
  readonly sharesCache: boolean;
  /** Bytes of its weights, once the runtime has laid them out. */
  readonly weights: number;
};

type Found = {
  readonly inputs: GraphValue[];
  readonly outputs: GraphValue[];
  readonly weights: Map<string, Weight>;
  readonly operators: Set<string>;
  /** Bytes of constants that stand in the nodes themselves. */
  constants: number;
};

const decoder = new TextDecoder();

/** Names of the numbers of ONNX, as far as a decoder's inputs and outputs have them. */
const types: { readonly [type: number]: string } = {
  1: 'float32',
  6: 'int32',
  7: 'int64',
  10: 'float16',
  16: 'bfloat16',
};

/**
 * Reads an .onnx file, except for the weights.
 *
 * @throws ModelError where it is damaged.
 */
export const readGraphFacts = async (path: string): Promise<GraphFacts> => {
  const file = await open(path);
  try {
    const found = await readModel(new MessageFile(file, (await file.stat()).size));
    return {
      inputs: found.inputs.filter(({ name }) => !found.weights.has(name)),
      outputs: found.outputs,
      sharesCache: found.operators.has('GroupQueryAttention'),
      weights: weightBytes(found.weights.values()) + found.constants,
    };
  } catch (cause) {
    throw damagedFile(path, (cause as Error).message, cause);
  } finally {
    await file.close();
  }
};

const readModel = async (file: MessageFile): Promise<Found> => {
  const found: Found = { inputs: [], outputs: [], weights: new Map(), operators: new Set(), constants: 0 };
  const uses: [string, string, number][] = [];
  let graphs = 0;
  for await (const { number, start, end } of file.fields()) {
    if (number !== 7) continue;
    graphs++;
    for await (const part of file.fields(start, end)) {
      if (part.number === 1) readNode(part, found, uses);
      if (part.number === 5) await readWeight(file, part, found);
      if (part.number === 11 && part.bytes) found.inputs.push(readValue(part.bytes));
      if (part.number === 12 && part.bytes) found.outputs.push(readValue(part.bytes));
    }
  }
  if (graphs === 0) throw new Error('it holds no graph');
  // The weights come after the nodes that use them.
  for (const [name, operator, input] of uses) found.weights.get(name)?.uses.push([operator, input]);
  return found;
};

const readNode = ({ bytes, start, end }: FileField, found: Found, uses: [string, string, number][]): void => {
  if (bytes === undefined) {
    found.constants += end - start;
    return;
  }
  const names: string[] = [];
  let operator = '';
  for (const field of protobufFields(bytes)) {
    if (field.number === 1) names.push(text(bytes, field));
    if (field.number === 4) operator = text(bytes, field);
  }
  found.operators.add(operator);
  names.forEach((name, input) => {
    if (name !== '') uses.push([name, operator, input]);
  });
};

const readWeight = async (file: MessageFile, { start, end }: FileField, found: Found): Promise<void> => {
  let [name, type, count] = ['', 0, 1];
  for await (const { number, value, bytes } of file.fields(start, end)) {
    if (number === 1) for (const dimension of bytes?.length ? packed(bytes) : [value]) count *= dimension;
    if (number === 2) type = value;
    if (number === 8 && bytes) name = decoder.decode(bytes);
  }
  found.weights.set(name, { type, count, uses: [] });
};

const readValue = (bytes: Uint8Array): GraphValue => {
  let value: GraphValue = { name: '' };
  for (const field of protobufFields(bytes)) {
    if (field.number === 1) value = { ...value, name: text(bytes, field) };
    if (field.number === 2) value = { ...value, ...readType(bytes.subarray(field.start, field.end)) };
  }
  return value;
};

/** The element type and the shape of `TypeProto.tensor_type`. */
const readType = (bytes: Uint8Array): Partial<GraphValue> => {
  for (const tensor of contents(bytes, 1)) {
    const type = [...protobufFields(tensor)].find(({ number }) => number === 1)?.value ?? 0;
    const shape = contents(tensor, 2).flatMap((dimensions) => contents(dimensions, 1).map(readDimension));
    return { type: types[type] ?? `number ${type}`, shape };
  }
  return {};
};

const readDimension = (bytes: Uint8Array): number | string => {
  const [field] = protobufFields(bytes);
  if (field === undefined) return '';
  return field.number === 1 ? field.value : text(bytes, field);
};

const contents = (bytes: Uint8Array, wanted: number): Uint8Array[] =>
  [...protobufFields(bytes)]
    .filter(({ number }) => number === wanted)
    .map(({ start, end }) => bytes.subarray(start, end));

const text = (bytes: Uint8Array, { start, end }: { readonly start: number; readonly end: number }): string =>
  decoder.decode(bytes.subarray(start, end));

/** Numbers that stand in one field, one after the other. */
const packed = (bytes: Uint8Array): readonly number[] => {
  const values: number[] = [];
  let [value, scale] = [0, 1];
  for (const byte of bytes) {
    value += (byte & 127) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    values.push(value);
    [value, scale] = [0, 1];
  }
  return values;
};
