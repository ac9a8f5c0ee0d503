import type { JsonSchema } from 'millrace';

const text = { type: 'string', maxLength: 60 } as const;
const object = (
  properties: Record<string, JsonSchema>,
  required: readonly string[] = Object.keys(properties),
): JsonSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const list = (items: JsonSchema, minItems: number, maxItems: number): JsonSchema => ({
  type: 'array',
  items,
  minItems,
  maxItems,
});

const order =
  'Order 4711 of 3 May 2024: Anna Berg (anna.berg@example.com) bought 2 lamps at 39.90 euros and 1 desk at 210 euros.';
const meeting = 'Team meeting on Tuesday at 14:30 in room B12 with Tom, Lea and Amir. Topic: the budget for 2025.';
const review = 'The battery lasts two days, but the screen scratches easily. I would give it three of five stars.';
const city = 'Lisbon is the capital of Portugal. About 550,000 people live there. It lies at the mouth of the Tagus.';

const address = object({ street: text, city: text, zip: { type: 'string', pattern: '^[0-9]{5}$' } });
const person = object({ name: text, age: { type: 'integer', minimum: 0, maximum: 120 } });
const tree: JsonSchema = {
  $ref: '#/$defs/node',
  $defs: { node: object({ name: text, children: { type: 'array', items: { $ref: '#/$defs/node' }, maxItems: 2 } }) },
};

/** Forty questions, each with the form of its answer: nested objects, enums, bounds, unions, references, patterns. */
export const fortyQuestions: readonly (readonly [question: string, schema: JsonSchema])[] = [
  [`${order}\nWho bought something?`, object({ name: text, email: { type: 'string', format: 'email' } })],
  [
    `${order}\nList what was bought.`,
    list(object({ item: text, count: { type: 'integer', minimum: 1, maximum: 99 } }), 1, 5),
  ],
  [`${order}\nWhat does a lamp cost?`, { type: 'number', minimum: 0, maximum: 1000 }],
  [`${order}\nWhat is the number of the order?`, { type: 'string', pattern: '^[0-9]{4}$' }],
  [`${order}\nWhen was it?`, { type: 'string', format: 'date' }],
  [`${order}\nIs it a large order?`, { type: 'boolean' }],
  [
    `${order}\nSummarise the order.`,
    object({ id: { type: 'integer' }, customer: person, note: text }, ['id', 'customer']),
  ],
  [`${order}\nWhat kind of message is this?`, { type: 'string', enum: ['order', 'complaint', 'question', 'other'] }],
  [`${meeting}\nWho takes part?`, list(text, 1, 6)],
  [`${meeting}\nWhen does it start?`, { type: 'string', format: 'time' }],
  [`${meeting}\nWhich day is it?`, { enum: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'] }],
  [`${meeting}\nWhich room?`, { type: 'string', pattern: '^[A-Z][0-9]{1,2}$' }],
  [`${meeting}\nHow many people take part?`, { type: 'integer', minimum: 1, maximum: 20 }],
  [
    `${meeting}\nFill in the form.`,
    object({ topic: text, room: text, people: list(text, 1, 5), urgent: { type: 'boolean' } }),
  ],
  [`${meeting}\nWho leads it? Say null if you do not know.`, { type: ['string', 'null'], maxLength: 40 }],
  [
    `${meeting}\nGive the year of the budget.`,
    { anyOf: [{ type: 'integer', minimum: 2000, maximum: 2100 }, { type: 'null' }] },
  ],
  [`${review}\nHow many stars?`, { type: 'integer', minimum: 1, maximum: 5 }],
  [`${review}\nIs it positive, negative or mixed?`, { type: 'string', enum: ['positive', 'negative', 'mixed'] }],
  [`${review}\nWhat is good and what is bad?`, object({ good: list(text, 0, 3), bad: list(text, 0, 3) })],
  [`${review}\nHow sure are you, from 0 to 1?`, { type: 'number', minimum: 0, maximum: 1 }],
  [`${review}\nWrite a reply.`, { type: 'string', minLength: 10, maxLength: 120 }],
  [`${review}\nRate each part.`, object({ battery: { enum: [1, 2, 3, 4, 5] }, screen: { enum: [1, 2, 3, 4, 5] } })],
  [
    `${review}\nGive two keywords.`,
    { type: 'array', items: { type: 'string', pattern: '^[a-z]+$', maxLength: 15 }, minItems: 2, maxItems: 2 },
  ],
  [
    `${review}\nDescribe the product.`,
    object({ kind: text, price: { type: 'number', exclusiveMinimum: 0, maximum: 5000 }, colour: text }, ['kind']),
  ],
  [`${city}\nWhich country?`, object({ country: text, continent: { const: 'Europe' } })],
  [`${city}\nHow many people live there?`, { type: 'integer', minimum: 1000, multipleOf: 1000, maximum: 10_000_000 }],
  [
    `${city}\nFacts, please.`,
    {
      type: 'object',
      properties: { capital: { type: 'boolean' }, river: text },
      required: ['river'],
      additionalProperties: text,
      maxProperties: 4,
    },
  ],
  [
    `${city}\nWhere is it?`,
    {
      type: 'array',
      prefixItems: [
        { type: 'number', minimum: -90, maximum: 90 },
        { type: 'number', minimum: -180, maximum: 180 },
      ],
      items: false,
      minItems: 2,
    },
  ],
  [`${city}\nThe code of the country?`, { type: 'string', pattern: '^[A-Z]{2}$' }],
  [`${city}\nA link to more?`, { type: 'string', pattern: '^https://[a-z]+\\.(org|com)/[A-Za-z]{1,20}$' }],
  ['Where does Maria Silva live? She lives in 12 Rose Street, 90210 Beverly Hills.', object({ name: text, address })],
  [
    'Two friends: Ben is 31 and Eva is 28.',
    { $ref: '#/$defs/people', $defs: { person, people: list({ $ref: '#/$defs/person' }, 2, 2) } },
  ],
  ['A company has a sales team and a support team.', tree],
  [
    'Turn the lights in the kitchen to 40 percent.',
    {
      oneOf: [
        object({ action: { const: 'dim' }, room: text, percent: { type: 'integer', minimum: 0, maximum: 100 } }),
        object({ action: { const: 'play' }, song: text }),
      ],
    },
  ],
  [
    'Play a song by Nina Simone.',
    { anyOf: [object({ dim: { type: 'integer', minimum: 0, maximum: 100 } }), object({ song: text, artist: text })] },
  ],
  [
    'Name three primary colours.',
    { type: 'array', items: { enum: ['red', 'yellow', 'blue', 'green'] }, minItems: 3, maxItems: 3 },
  ],
  ['Give me an identifier.', { type: 'string', format: 'uuid' }],
  ['What is the address of the local machine?', { type: 'string', format: 'ipv4' }],
  [
    'Water boils at 100 degrees Celsius. Give the temperature with its unit.',
    {
      allOf: [
        { type: 'object', properties: { value: { type: 'number', minimum: -273.15 } }, required: ['value'] },
        { properties: { unit: { enum: ['C', 'F', 'K'] } }, required: ['unit'] },
      ],
    },
  ],
  [
    'Translate "good morning" into French and Spanish.',
    {
      $schema: 'http://json-schema.org/draft-07/schema#',
      definitions: { phrase: text },
      type: 'object',
      properties: { french: { $ref: '#/definitions/phrase' }, spanish: { $ref: '#/definitions/phrase' } },
      required: ['french', 'spanish'],
      additionalProperties: false,
    },
  ],
];
