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

/** The paragraphs of an article that name a company. */
const passages = (article: string, name: string): string =>
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
    mergeMap((article) => {
      const find = infer(small, (text: string) => `${text}\n\nList the companies in the text.`, {
        schema: companies,
        maxTokens: 120,
      });
      const describe = inferText(
        small,
        (name: string) => `${passages(article, name)}\n\nWrite one sentence about ${name} with these facts.`,
        { maxTokens: 48, concurrency: 4 },
      );
      return of(article).pipe(
        step('find', pipe(find, elements<Company>())),
        map(({ name }) => name),
        filter((name) => article.includes(name)),
        distinct(),
        step('describe', describe),
      );
    }),
};
