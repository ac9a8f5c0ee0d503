import { describe, expect, it } from 'vitest';
import { Message } from '../../../src/backends/onnx/protobuf/message.ts';
import { write } from '../../../src/backends/onnx/protobuf/write.ts';
import { shareWeights } from '../../../src/backends/onnx/share-weights.ts';

const [byte, int64] = [2, 7];
const place = { location: 'data', offset: '64', length: '24' };

const tensor = (name: string, type: number, sizes: readonly number[], ...contents: readonly Uint8Array[]): Uint8Array =>
  write.bytes(
    5,
    ...sizes.map((size) => write.number(1, size)),
    write.number(2, type),
    write.text(8, name),
    ...contents,
  );

const beside: readonly Uint8Array[] = [
  ...Object.entries(place).map(([key, value]) => write.bytes(13, write.text(1, key), write.text(2, value))),
  write.number(14, 1),
];

const shape = (...sizes: readonly bigint[]): Uint8Array =>
  tensor(
    'shape',
    int64,
    [sizes.length],
    write.bytes(9, new Uint8Array(BigInt64Array.from(sizes.map((size) => BigInt.asUintN(64, size))).buffer)),
  );

const node = (operator: string, inputs: readonly string[], output: string): Uint8Array =>
  write.bytes(1, ...inputs.map((name) => write.text(1, name)), write.text(2, output), write.text(4, operator));

const model = (...fields: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat([write.number(1, 10), write.bytes(7, ...fields), write.bytes(8, write.number(2, 21))]);

const graphOf = (bytes: Uint8Array): Message => new Message(bytes).messages(7)[0] as Message;

describe('shareWeights', () => {
  const table = tensor('table', byte, [4, 2, 3], ...beside);
  const [reshape, gather] = [node('Reshape', ['table', 'shape'], 'rows'), node('Gather', ['rows', 'ids'], 'row')];

  it('makes of a shape given to what lies in a file a second tensor over the same bytes', () => {
    const shared = shareWeights(model(reshape, gather, table, shape(4n, 6n)));
    const graph = graphOf(shared);
    expect(graph.messages(1).map((each) => each.text(4))).toEqual(['Gather']);
    const [first, , second] = graph.messages(5);
    expect(first?.numbers(1)).toEqual([4, 2, 3]);
    expect(second?.text(8)).toBe('rows');
    expect(second?.numbers(1)).toEqual([4, 6]);
    expect([second?.number(2), second?.number(14)]).toEqual([byte, 1]);
    expect(second?.messages(13).map((pair) => [pair.text(1), pair.text(2)])).toEqual(Object.entries(place));
    // What is beside the graph stays where it was.
    expect(new Message(shared).number(1)).toBe(10);
    expect(new Message(shared).messages(8)[0]?.number(2)).toBe(21);
  });

  it('reads a shape also where its numbers stand one by one', () => {
    const listed = tensor('shape', int64, [2], write.number(7, 4), write.number(7, 6));
    expect(graphOf(shareWeights(model(reshape, gather, table, listed))).messages(1)).toHaveLength(1);
  });

  it.each([
    ['weights within the graph', tensor('table', byte, [4, 2, 3], write.bytes(9, new Uint8Array(24))), shape(4n, 6n)],
    ['a size that stands for another', table, shape(4n, 0n)],
    ['a size that follows from the others', table, shape(4n, -1n)],
    ['a shape of another size', table, shape(4n, 5n)],
    ['a damaged shape', table, tensor('shape', int64, [2], write.bytes(9, new Uint8Array(7)))],
    ['a shape that is not known', table, tensor('other', int64, [0])],
  ])('leaves %s to the runtime', (_, weights, sizes) => {
    const untouched = model(reshape, gather, weights, sizes);
    expect(shareWeights(untouched)).toBe(untouched);
  });

  it('leaves alone what is no model', () => {
    const none = write.number(1, 10);
    expect(shareWeights(none)).toBe(none);
  });
});
