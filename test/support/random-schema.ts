import type { JsonSchema } from 'millrace';

type Draw = () => number;
type Keyword = readonly [chance: number, make: (draw: Draw, depth: number) => Record<string, unknown>];

const one = <Item>(draw: Draw, items: readonly Item[]): Item => items[Math.floor(draw() * items.length)] as Item;
const some = <Item>(draw: Draw, items: readonly Item[]): Item[] => items.filter(() => draw() < 0.4);
const count = (draw: Draw, most: number): number => Math.floor(draw() * (most + 1));

const types = [
  'integer',
  'number',
  'string',
  'array',
  'object',
  'boolean',
  'null',
  ['string', 'null'],
  ['integer', 'object'],
];
const values = [1, 2, 'a', 'ab', null, true, [1], { a: 1 }, { b: 'a' }, 2.5, -3, ''];
const names = ['a', 'b', 'c', 'x-y'];
const patterns = ['^a', 'b$', '^[a-c]{1,3}$', 'a|b', '^(ab)*$', '\\d', '^x-', '[^a]', '^\\w+$', '^a+b+$'];

const keywords: readonly Keyword[] = [
  [0.7, (draw) => ({ type: one(draw, types) })],
  [0.3, (draw) => ({ minimum: count(draw, 10) - 5 })],
  [0.25, (draw) => ({ maximum: count(draw, 12) - 3 })],
  [0.1, (draw) => ({ exclusiveMaximum: count(draw, 40) / 4 - 3 })],
  [0.1, (draw) => ({ multipleOf: one(draw, [1, 2, 3, 0.5, 7]) })],
  [0.25, (draw) => ({ minLength: count(draw, 3) })],
  [0.25, (draw) => ({ maxLength: count(draw, 5) })],
  [0.25, (draw) => ({ pattern: one(draw, patterns) })],
  [0.05, (draw) => ({ format: one(draw, ['date', 'ipv4', 'uuid']) })],
  [0.2, (draw, depth) => ({ items: randomSchema(draw, depth) })],
  [0.1, (draw, depth) => ({ prefixItems: [randomSchema(draw, depth)] })],
  [0.2, (draw) => ({ minItems: count(draw, 2) })],
  [0.2, (draw) => ({ maxItems: count(draw, 3) })],
  [
    0.4,
    (draw, depth) => ({
      properties: Object.fromEntries(some(draw, names).map((name) => [name, randomSchema(draw, depth)])),
    }),
  ],
  [0.25, (draw) => ({ required: some(draw, names) })],
  [0.15, (draw, depth) => ({ additionalProperties: randomSchema(draw, depth) })],
  [0.1, (draw, depth) => ({ patternProperties: { [one(draw, patterns)]: randomSchema(draw, depth) } })],
  [0.1, (draw) => ({ minProperties: count(draw, 2) })],
  [0.1, (draw) => ({ maxProperties: count(draw, 3) })],
  [0.07, (draw) => ({ propertyNames: one(draw, [{ maxLength: 1 }, { pattern: '^a' }, { enum: ['a', 'b'] }]) })],
  [0.06, () => ({ dependentRequired: { a: ['b'] } })],
  [0.05, (draw, depth) => ({ dependentSchemas: { b: randomSchema(draw, depth) } })],
  [0.12, (draw, depth) => ({ allOf: [randomSchema(draw, depth), randomSchema(draw, depth)] })],
  [0.12, (draw, depth) => ({ anyOf: [randomSchema(draw, depth), randomSchema(draw, depth)] })],
  [0.1, (draw, depth) => ({ oneOf: [randomSchema(draw, depth), randomSchema(draw, depth)] })],
  [
    0.05,
    (draw) => ({
      not: one<JsonSchema>(draw, [{ type: 'string' }, { required: ['a'] }, { type: ['object', 'array'] }]),
    }),
  ],
  [0.08, (draw) => ({ enum: some(draw, values) })],
];

/** A schema in which about any keywords stand beside one another, whether they make sense or not. */
export const randomSchema = (draw: Draw, depth: number): JsonSchema => {
  if (depth === 0)
    return one<JsonSchema>(draw, [
      true,
      {},
      false,
      { type: 'integer' },
      { type: 'string' },
      { const: one(draw, values) },
    ]);
  return Object.assign({}, ...keywords.filter(([chance]) => draw() < chance).map(([, make]) => make(draw, depth - 1)));
};
