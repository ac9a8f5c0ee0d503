import { open } from 'node:fs/promises';
import { damagedFile } from '../damaged-file.ts';
import { type GraphNode, readGraphNode } from '../expand/graph-node.ts';
import { planExpansion } from '../expand/plan-expansion.ts';
import type { GraphValue } from '../graph-layout.ts';
import { Message } from '../protobuf/message.ts';
import { type FileField, MessageFile } from '../protobuf/message-file.ts';
import { packedNumbers } from '../protobuf/packed-numbers.ts';
import { type Weight, weightBytes } from './weight-bytes.ts';

/** What an .onnx file tells of the memory that its model will need. */
export type GraphFacts = {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /** Whether every layer is of the kind that can keep its cache in place. */
  readonly sharesCache: boolean;
  /** Bytes of its weights, once the runtime has laid them out. */
  readonly weights: number;
  /** Bytes of the weights of its form with matrices in single precision; 0 where it has no matrices to write out so. */
  readonly expandedWeights: number;
};

type Found = {
  readonly inputs: GraphValue[];
  readonly outputs: GraphValue[];
  readonly weights: Map<string, Tensor>;
  readonly nodes: GraphNode[];
  /** Bytes of constants that stand in the nodes themselves. */
  constants: number;
};

type Tensor = Omit<Weight, 'uses'>;

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
      sharesCache: found.nodes.some(({ operator }) => operator === 'GroupQueryAttention'),
      weights: weightsOf(found.weights, found.nodes) + found.constants,
      expandedWeights: expandedWeightsOf(found),
    };
  } catch (cause) {
    throw damagedFile(path, (cause as Error).message, cause);
  } finally {
    await file.close();
  }
};

const weightsOf = (tensors: ReadonlyMap<string, Tensor>, nodes: readonly GraphNode[]): number => {
  const weights = new Map([...tensors].map(([name, tensor]) => [name, { ...tensor, uses: [] as Weight['uses'] }]));
  for (const { operator, inputs } of nodes) {
    for (const [input, name] of inputs.entries()) weights.get(name)?.uses.push([operator, input]);
  }
  return weightBytes(weights.values());
};

/** What `expandModel` makes of the graph. */
const expandedWeightsOf = ({ weights, nodes, outputs }: Found): number => {
  const results = outputs.map(({ name }) => name);
  const expansion = planExpansion(nodes, results, (name) => weights.get(name)?.type === 1);
  if (expansion.matrices.size === 0) return 0;
  const numbers = [...expansion.matrices.values()].reduce((sum, { rows, columns }) => sum + rows * columns, 0);
  const others = nodes.filter((_, index) => expansion.nodes.has(index) && !expansion.matrices.has(index));
  return 4 * numbers + weightsOf(new Map([...weights].filter(([name]) => expansion.used.has(name))), others);
};

const readModel = async (file: MessageFile): Promise<Found> => {
  const found: Found = { inputs: [], outputs: [], weights: new Map(), nodes: [], constants: 0 };
  let graphs = 0;
  for await (const { number, start, end } of file.fields()) {
    if (number !== 7) continue;
    graphs++;
    for await (const part of file.fields(start, end)) {
      if (part.number === 1) readNode(part, found);
      if (part.number === 5) await readWeight(file, part, found);
      if (part.number === 11 && part.bytes) found.inputs.push(readValue(new Message(part.bytes)));
      if (part.number === 12 && part.bytes) found.outputs.push(readValue(new Message(part.bytes)));
    }
  }
  if (graphs === 0) throw new Error('it holds no graph');
  return found;
};

const readNode = ({ bytes, start, end }: FileField, found: Found): void => {
  if (bytes === undefined) {
    found.constants += end - start;
    return;
  }
  found.nodes.push(readGraphNode(new Message(bytes)));
};

const readWeight = async (file: MessageFile, { start, end }: FileField, found: Found): Promise<void> => {
  let [name, type, count, beside] = ['', 0, 1, false];
  for await (const { number, value, bytes } of file.fields(start, end)) {
    if (number === 1) for (const dimension of bytes?.length ? packedNumbers(bytes) : [value]) count *= dimension;
    if (number === 2) type = value;
    if (number === 8 && bytes) name = new TextDecoder().decode(bytes);
    if (number === 14) beside = value !== 0;
  }
  found.weights.set(name, { type, count, beside });
};

const readValue = (message: Message): GraphValue => {
  const [type] = message.messages(2);
  return { name: message.text(1), ...(type && readType(type)) };
};

/** The element type and the shape of `TypeProto.tensor_type`. */
const readType = (message: Message): Partial<GraphValue> => {
  const [tensor] = message.messages(1);
  if (tensor === undefined) return {};
  const type = tensor.number(1);
  const shape = tensor.messages(2).flatMap((dimensions) => dimensions.messages(1).map(readDimension));
  return { type: types[type] ?? `number ${type}`, shape };
};

const readDimension = (message: Message): number | string => message.number(1) || message.text(2);
