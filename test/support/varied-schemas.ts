import type { JsonSchema } from 'millrace';

/** Schemas of all kinds that people ask models to fill in, by what they are about. Every keyword in them is held. */
export const variedSchemas: Readonly<Record<string, JsonSchema>> = {
  anything: {},
  'any object': { type: 'object' },
  'any array': { type: 'array' },
  nothing: { type: 'null' },
  'yes or no': { type: 'boolean' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  text: { type: 'string' },
  'short text': { type: 'string', minLength: 2, maxLength: 12 },
  'long text': { type: 'string', minLength: 20, maxLength: 600 },
  label: { type: 'string', enum: ['billing', 'technical support', 'say "hi"', 'größe'] },
  constant: { const: { version: 1, tags: ['a', 'b'] } },
  'mixed values': { enum: [1, 2.5, 'three', null, true, [4], { five: 5 }] },
  rating: { type: 'integer', minimum: 1, maximum: 5 },
  year: { type: 'integer', minimum: 1900, maximum: 2100 },
  temperature: { type: 'number', minimum: -40, maximum: 56.7 },
  probability: { type: 'number', minimum: 0, maximum: 1 },
  'strictly between': { type: 'number', exclusiveMinimum: -0.25, exclusiveMaximum: 0.125 },
  'below zero': { type: 'number', maximum: -1.5 },
  tens: { type: 'integer', multipleOf: 10, minimum: 0, maximum: 500 },
  sevens: { type: 'integer', multipleOf: 7, minimum: -100 },
  'text or nothing': { type: ['string', 'null'], maxLength: 20 },
  'price list': { type: 'array', items: { type: 'number', minimum: 0 }, maxItems: 6 },
  'three words': {
    type: 'array',
    items: { type: 'string', pattern: '^[a-z]+$', maxLength: 9 },
    minItems: 3,
    maxItems: 3,
  },
  point: { type: 'array', prefixItems: [{ type: 'number' }, { type: 'number' }], items: false, minItems: 2 },
  'row of a table': {
    type: 'array',
    prefixItems: [{ type: 'string', maxLength: 8 }, { type: 'integer' }],
    items: { type: 'boolean' },
    maxItems: 5,
  },
  grid: {
    type: 'array',
    items: { type: 'array', items: { type: 'integer', minimum: 0, maximum: 9 }, minItems: 2, maxItems: 2 },
    minItems: 1,
    maxItems: 3,
  },
  person: {
    type: 'object',
    properties: { name: { type: 'string', maxLength: 40 }, age: { type: 'integer', minimum: 0, maximum: 120 } },
    required: ['name', 'age'],
  },
  'person with an address': {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 30 },
      address: {
        type: 'object',
        properties: {
          street: { type: 'string', maxLength: 30 },
          zip: { type: 'string', pattern: '^\\d{5}(-\\d{4})?$' },
          country: { enum: ['DE', 'FR', 'US'] },
        },
        required: ['street', 'country'],
        additionalProperties: false,
      },
    },
    required: ['name', 'address'],
    additionalProperties: false,
  },
  'all optional': {
    type: 'object',
    properties: { a: { type: 'integer' }, b: { type: 'boolean' }, c: { type: 'null' }, d: { enum: ['x', 'y'] } },
  },
  'required among optional': {
    type: 'object',
    properties: { a: { type: 'integer' }, b: { type: 'boolean' }, c: { type: 'null' } },
    required: ['b'],
  },
  'one or two of three': {
    type: 'object',
    properties: { a: { type: 'integer' }, b: { type: 'boolean' }, c: { type: 'null' } },
    minProperties: 1,
    maxProperties: 2,
  },
  dictionary: { type: 'object', additionalProperties: { type: 'integer' }, maxProperties: 4 },
  'dictionary with a fixed entry': {
    type: 'object',
    properties: { id: { type: 'integer' } },
    required: ['id'],
    additionalProperties: { type: 'string', maxLength: 5 },
  },
  'named by pattern': {
    type: 'object',
    patternProperties: { '^x-': { type: 'boolean' }, '-count$': { type: 'integer' } },
    additionalProperties: false,
  },
  'named by rule': {
    type: 'object',
    propertyNames: { pattern: '^[a-z]{1,4}$' },
    additionalProperties: { type: 'null' },
  },
  'awkward names': {
    type: 'object',
    properties: {
      'a"b': { type: 'null' },
      'c\\d': { type: 'null' },
      'e\nf': { type: 'null' },
      'größe 😀': { type: 'null' },
    },
    required: ['a"b', 'c\\d', 'e\nf', 'größe 😀'],
  },
  shapes: {
    oneOf: [
      {
        type: 'object',
        properties: { kind: { const: 'circle' }, radius: { type: 'number', exclusiveMinimum: 0 } },
        required: ['kind', 'radius'],
      },
      {
        type: 'object',
        properties: { kind: { const: 'square' }, side: { type: 'number', exclusiveMinimum: 0 } },
        required: ['kind', 'side'],
      },
    ],
  },
  'number or list': { anyOf: [{ type: 'number' }, { type: 'array', items: { type: 'number' }, maxItems: 3 }] },
  'joined parts': {
    allOf: [
      { type: 'object', properties: { id: { type: 'integer', minimum: 1 } }, required: ['id'] },
      { properties: { name: { type: 'string', maxLength: 10 }, id: { maximum: 99 } }, required: ['name'] },
    ],
  },
  'joined choice': {
    type: 'object',
    properties: { unit: { enum: ['m', 'ft'] } },
    required: ['unit'],
    anyOf: [
      { properties: { length: { type: 'number' } }, required: ['length'] },
      { properties: { height: { type: 'integer' } }, required: ['height'] },
    ],
  },
  'one asks for another': {
    type: 'object',
    properties: { card: { type: 'integer' }, address: { type: 'string', maxLength: 9 } },
    dependentRequired: { card: ['address'] },
  },
  'never empty': { type: 'string', not: { type: 'number' }, minLength: 1, maxLength: 3 },
  tree: {
    $ref: '#/$defs/node',
    $defs: {
      node: {
        type: 'object',
        properties: {
          value: { type: 'integer' },
          children: { type: 'array', items: { $ref: '#/$defs/node' }, maxItems: 2 },
        },
        required: ['value'],
      },
    },
  },
  'linked list': {
    $defs: {
      list: {
        anyOf: [
          { type: 'null' },
          { type: 'object', properties: { next: { $ref: '#/$defs/list' } }, required: ['next'] },
        ],
      },
    },
    $ref: '#/$defs/list',
  },
  references: {
    type: 'object',
    properties: { home: { $ref: '#/$defs/city' }, work: { $ref: '#place' } },
    required: ['home', 'work'],
    $defs: { city: { $anchor: 'place', type: 'string', pattern: '^[A-Z][a-z]{2,8}$' } },
  },
  'draft 7': {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    definitions: { positive: { type: 'integer', exclusiveMinimum: 0 } },
    properties: {
      pair: { type: 'array', items: [{ $ref: '#/definitions/positive' }], additionalItems: { type: 'null' } },
    },
    required: ['pair'],
  },
  'serial number': { type: 'string', pattern: '^[A-Z]{2}-\\d{4}$' },
  'mentions a word': { type: 'string', pattern: 'fox|dog', maxLength: 30 },
  'two parts': { type: 'string', pattern: '^\\w+@\\w+$', minLength: 5, maxLength: 12 },
  'letters of any script': { type: 'string', pattern: '^\\p{L}{1,6}$' },
  'no vowels': { type: 'string', pattern: '^[^aeiou"\\\\]*$', maxLength: 8 },
  date: { type: 'string', format: 'date' },
  time: { type: 'string', format: 'time' },
  'date and time': { type: 'string', format: 'date-time' },
  duration: { type: 'string', format: 'duration' },
  email: { type: 'string', format: 'email' },
  hostname: { type: 'string', format: 'hostname' },
  ipv4: { type: 'string', format: 'ipv4' },
  ipv6: { type: 'string', format: 'ipv6' },
  uri: { type: 'string', format: 'uri' },
  uuid: { type: 'string', format: 'uuid' },
  'pointer into JSON': { type: 'string', format: 'json-pointer' },
  'date of this century': { type: 'string', format: 'date', pattern: '^20' },
  event: {
    type: 'object',
    properties: {
      title: { type: 'string', minLength: 3, maxLength: 60 },
      start: { type: 'string', format: 'date-time' },
      attendees: { type: 'array', items: { type: 'string', format: 'email' }, minItems: 1, maxItems: 3 },
      priority: { enum: ['low', 'normal', 'high'] },
      reminder: { type: ['integer', 'null'], minimum: 0, maximum: 1440 },
    },
    required: ['title', 'start', 'attendees', 'priority'],
  },
};
