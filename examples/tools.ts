import { callTools, type Message, step, text, tool } from 'millrace';
import { pipe } from 'rxjs';
import type { Example } from './example.ts';
import { readData } from './read-data.ts';

type Product = { readonly name: string; readonly kind: string; readonly price: number; readonly stock: number };

const products: readonly Product[] = JSON.parse(readData('products.json'));

// Small models repeat a sentence more faithfully than they read JSON.
const describe = ({ name, kind, price, stock }: Product): string =>
  `The ${name} (${kind}) costs ${price} euros. ${stock === 0 ? 'It is not in stock.' : `${stock} are in stock.`}`;

const searchDb = tool({
  name: 'search_db',
  description: 'Finds products by name or kind, with price and stock.',
  parameters: {
    type: 'object',
    properties: { query: { type: 'string', maxLength: 40 } },
    required: ['query'],
    additionalProperties: false,
  },
  execute: ({ query }) => {
    const words = query.toLowerCase().split(/\W+/);
    const found = products.filter(({ name, kind }) => words.includes(name.toLowerCase()) || words.includes(kind));
    return found.map(describe).join('\n') || 'There is no such product.';
  },
});

/** What the model would send. Nothing leaves this list. */
export const outbox: { readonly to: string; readonly subject: string; readonly body: string }[] = [];

const sendEmail = tool({
  name: 'send_email',
  description: 'Sends an email.',
  parameters: {
    type: 'object',
    properties: {
      to: { type: 'string', maxLength: 60 },
      subject: { type: 'string', maxLength: 80 },
      body: { type: 'string', maxLength: 200 },
    },
    required: ['to', 'subject', 'body'],
    additionalProperties: false,
  },
  execute: (email) => {
    outbox.push(email);
    return 'The email is in the outbox.';
  },
});

/** One exchange shown, which helps a small model more than any instruction. */
const shown: readonly Message[] = [
  { role: 'user', content: 'Do you have the T7?' },
  { role: 'assistant', content: '', toolCalls: [{ id: 'shown', name: 'search_db', arguments: { query: 'T7' } }] },
  { role: 'tool', toolCallId: 'shown', content: describe({ name: 'T7', kind: 'turntable', price: 210, stock: 2 }) },
  { role: 'assistant', content: 'The T7 costs 210 euros. 2 are in stock.' },
];

/** A model that looks something up before it answers. */
export const tools: Example = {
  name: 'tools',
  about: 'a question that the model can only answer by looking into a table',
  roles: ['small'],
  input: 'customer.txt',
  workflow: ({ small }) =>
    step(
      'answer',
      pipe(
        callTools(small, [searchDb, sendEmail], (question: string) => [...shown, { role: 'user', content: question }], {
          toolChoice: 'required',
          maxTokens: 80,
          maxRounds: 4,
        }),
        text(),
      ),
    ),
};
