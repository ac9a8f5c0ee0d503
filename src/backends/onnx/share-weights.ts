import { Message } from './protobuf/message.ts';
import { replaceFields } from './protobuf/replace-fields.ts';
import { write } from './protobuf/write.ts';

/** The number of ONNX for whole numbers of 64 bits. */
const int64 = 7;

const nothing = new Uint8Array();

/**
 * A model in the ONNX format in which weights that it merely gives another shape, as where an embedding is the head as well,
 * are a second tensor over the same bytes of the same file. The runtime, which works out beforehand whatever is constant,
 * would copy them into memory; what lies in a file it maps. Weights that are no copies in a file beside it stay as they are.
 */
export const shareWeights = (model: Uint8Array): Uint8Array => {
  const [graph, ...others] = new Message(model).messages(7);
  if (graph === undefined || others.length > 0) return model;
  const tensors = new Map(graph.messages(5).map((tensor) => [tensor.text(8), tensor]));
  const views = graph.messages(1).map((node) => viewOf(node, tensors));
  if (views.every((view) => view === undefined)) return model;
  const shared = (content: Uint8Array) =>
    write.bytes(
      7,
      ...replaceFields(content, { 1: (_, index) => (views[index] ? nothing : undefined) }),
      ...views.flatMap((view) => view ?? []),
    );
  return Buffer.concat(replaceFields(model, { 7: shared }));
};

/** The tensor that stands for a node, where that gives another shape to one in a file. */
const viewOf = (node: Message, tensors: ReadonlyMap<string, Message>): Uint8Array | undefined => {
  if (node.text(4) !== 'Reshape' || node.text(7) !== '') return undefined;
  const [source, shape] = node.texts(1).map((name) => tensors.get(name));
  if (source === undefined || shape === undefined || source.number(14) === 0) return undefined;
  const sizes = numbersOf(shape);
  const [from, to] = [source.numbers(1), sizes].map((all) => all.reduce((product, size) => product * size, 1));
  // A size of 0 or -1 stands for another one.
  if (from !== to || sizes.some((size) => size <= 0)) return undefined;
  return write.bytes(
    5,
    ...sizes.map((size) => write.number(1, size)),
    write.number(2, source.number(2)),
    write.text(8, node.texts(2)[0] ?? ''),
    ...source.contents(13).map((pair) => write.bytes(13, pair)),
    write.number(14, source.number(14)),
  );
};

/** The numbers of a tensor; none where they do not stand in the graph, or are of another kind. */
const numbersOf = (tensor: Message): readonly number[] => {
  if (tensor.number(2) !== int64 || tensor.number(14) !== 0) return [];
  const [raw] = tensor.contents(9);
  if (raw === undefined) return tensor.numbers(7);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Array.from({ length: raw.byteLength >> 3 }, (_, index) => Number(view.getBigInt64(8 * index, true)));
};
