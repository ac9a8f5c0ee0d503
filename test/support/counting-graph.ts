/** What a counting graph can have beside the usual. */
export type CountingGraphOptions = {
  /** Caches and scores in half precision. */
  readonly half?: boolean;
  /** No cache at all. */
  readonly stateless?: boolean;
  /** One more input, which the graph does not use. */
  readonly input?: string;
  /** Keeps parts of the graph in these files beside it, of the bytes of {@link countingData} each. */
  readonly data?: readonly string[];
  /** Scores of the last tokens only, as an input says: a list with one number in it, or `'number'` by itself. */
  readonly keeps?: boolean | 'number';
  /** Counts from the positions that it is given, and not from the tokens: after `n` tokens it expects `n + 1`. */
  readonly positions?: boolean;
  /** Leaves the sizes of its cache open, but for the number of tokens. */
  readonly open?: boolean;
  /** Has a node of this operator in it. */
  readonly operator?: string;
};

const width = 2048;
const types = { float: 1, int64: 7, half: 10 } as const;
type Type = keyof typeof types;
type Dimension = number | string;

/**
 * The bytes of a small model in the ONNX format, for kinds of models that the reference models are not. After a token
 * `n` it expects `n + 1`, and its cache holds the tokens it has seen.
 */
export const countingGraph = (options: CountingGraphOptions = {}): Uint8Array => {
  const { half, stateless, input, data = [], keeps, positions, open, operator } = options;
  const type: Type = half ? 'half' : 'float';
  const cache: readonly Dimension[] = ['batch', open ? 'heads' : 1, 'past', open ? 'size' : 1];
  const biases = data.slice(1).map((file, index) => ({ file, name: `bias.${index}`, sum: `sum.${index}` }));
  const graph = [
    ...field(1, node('Add', [positions ? 'position_ids' : 'input_ids', 'one'], ['next'])),
    ...field(1, node('OneHot', ['next', 'width', 'range'], ['scores'])),
    ...biases.flatMap(({ name, sum }, index) =>
      field(1, node('Add', [biases[index - 1]?.sum ?? 'scores', name], [sum])),
    ),
    ...biases.flatMap(({ name, file }) => field(5, floats(name, zeros, file))),
    ...field(1, node('Cast', [biases.at(-1)?.sum ?? 'scores'], [keeps ? 'all' : 'logits'], { to: types[type] })),
    ...(operator ? field(1, node(operator, ['input_ids'], ['strange'])) : []),
    ...(keeps ? field(1, node('Reshape', ['num_logits_to_keep', 'sequence'], ['kept'])) : []),
    ...(keeps ? field(1, node('Neg', ['kept'], ['from'])) : []),
    ...(keeps ? field(1, node('Slice', ['all', 'from', 'end', 'sequence'], ['logits'])) : []),
    ...field(2, text('counting')),
    ...field(5, integers('one', [], [1])),
    ...field(5, integers('width', [], [width])),
    ...field(5, integers('end', [1], [2 ** 31])),
    ...field(5, integers('sequence', [1], [1])),
    ...field(5, floats('range', [0, 10], data[0])),
    ...field(11, value('input_ids', 'int64', ['batch', 'length'])),
    ...field(11, value('attention_mask', 'int64', ['batch', 'total'])),
    ...(input ? field(11, value(input, 'int64', ['batch'])) : []),
    ...(positions ? field(11, value('position_ids', 'int64', ['batch', 'length'])) : []),
    ...(keeps ? field(11, value('num_logits_to_keep', 'int64', keeps === 'number' ? [] : [1])) : []),
    ...field(12, value('logits', type, ['batch', 'length', width])),
    ...(stateless ? [] : (['key', 'value'] as const).flatMap((side) => cacheOf(side, type, cache))),
  ];
  return Uint8Array.from([...varint(1, 8), ...field(7, graph), ...field(8, [...field(1, text('')), ...varint(2, 17)])]);
};

/** Adds nothing to any score. */
const zeros = Array.from({ length: width }, () => 0);

/**
 * What such a graph keeps in the files beside it: the first, and any other.
 *
 * @param room Bytes behind it which the graph makes no use of.
 */
export const countingData = (file = 0, room = 0): Uint8Array => {
  const numbers = new Uint8Array(Float32Array.from(file === 0 ? [0, 10] : zeros).buffer);
  return Buffer.concat([numbers, Buffer.alloc(room, 'room')]);
};

const cacheOf = (side: string, type: Type, shape: readonly Dimension[]): number[] => [
  ...field(1, node('Cast', ['input_ids'], [`${side}.cast`], { to: types[type] })),
  ...field(1, node('Unsqueeze', [`${side}.cast`, `${side}.axes`], [`${side}.new`])),
  ...field(1, node('Concat', [`past_key_values.0.${side}`, `${side}.new`], [`present.0.${side}`], { axis: 2 })),
  ...field(5, integers(`${side}.axes`, [2], [1, 3])),
  ...field(11, value(`past_key_values.0.${side}`, type, shape)),
  ...field(12, value(`present.0.${side}`, type, shape)),
];

const node = (
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, number>> = {},
): number[] => [
  ...inputs.flatMap((name) => field(1, text(name))),
  ...outputs.flatMap((name) => field(2, text(name))),
  ...field(4, text(operator)),
  ...Object.entries(attributes).flatMap(([name, number]) =>
    field(5, [...field(1, text(name)), ...varint(3, number), ...varint(20, 2)]),
  ),
];

const value = (name: string, type: Type, shape: readonly Dimension[]): number[] => {
  const dimensions = shape.flatMap((size) =>
    field(1, typeof size === 'number' ? varint(1, size) : field(2, text(size))),
  );
  return [...field(1, text(name)), ...field(2, field(1, [...varint(1, types[type]), ...field(2, dimensions)]))];
};

const integers = (name: string, shape: readonly number[], numbers: readonly number[]): number[] => [
  ...tensor(name, 'int64', shape),
  ...field(9, [...new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer)]),
];

const floats = (name: string, numbers: readonly number[], data: string | undefined): number[] => [
  ...tensor(name, 'float', [numbers.length]),
  ...(data === undefined
    ? field(9, [...new Uint8Array(Float32Array.from(numbers).buffer)])
    : [...field(13, [...field(1, text('location')), ...field(2, text(data))]), ...varint(14, 1)]),
];

const tensor = (name: string, type: Type, shape: readonly number[]): number[] => [
  ...shape.flatMap((size) => varint(1, size)),
  ...varint(2, types[type]),
  ...field(8, text(name)),
];

const text = (content: string): number[] => [...new TextEncoder().encode(content)];
const field = (number: number, bytes: readonly number[]): number[] => [
  ...encode(number * 8 + 2),
  ...encode(bytes.length),
  ...bytes,
];
const varint = (number: number, content: number): number[] => [...encode(number * 8), ...encode(content)];

const encode = (number: number): number[] =>
  number < 128 ? [number] : [(number % 128) + 128, ...encode(Math.floor(number / 128))];
