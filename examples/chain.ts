import { type FromSchema, infer, inferText, step } from 'millrace';
import { distinct, filter, map, mergeMap, of, pipe } from 'rxjs';
import { elements } from './elements.ts';
import type { Example } from './example.ts';

const companies = {
  type: 'array',
  items: {
    type: 'object',
    properties: { name: { type: 'string', maxLength: 30 } },
    required: ['name'],
    additionalProperties: false,
  },
  minItems: 1,
  maxItems: 8,
} as const;

type Company = FromSchema<typeof companies>[number];

const paragraphs = (article: string, name: string): string =>
  article
    .split('\n\n')
    .filter((paragraph) => paragraph.includes(name))
    .join('\n');

/** Two steps, side by side: the second writes on the first company while the first still looks for the others. */
export const chain: Example = {
  name: 'chain',
  about: 'the companies in an article, and a sentence on each as soon as it is found',
  roles: ['small'],
  input: 'companies.txt',
  workflow: ({ small }) =>
    mergeMap((article) =>
      of(`${article}\n\nList the companies in the text.`).pipe(
        step('find', pipe(infer(small, { schema: companies, maxTokens: 120 }), elements<Company>())),
        map(({ name }) => name),
        filter((name) => article.includes(name)),
        distinct(),
        step(
          'describe',
          inferText(
            small,
            (name) => `${paragraphs(article, name)}\n\nWrite one sentence about ${name} with these facts.`,
            { maxTokens: 48, concurrency: 4 },
          ),
        ),
      ),
    ),
};
