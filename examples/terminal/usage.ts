import type { Example } from '../example.ts';
import { table } from './table.ts';

/** The examples, a line each. */
export const listExamples = (examples: readonly Example[]): string =>
  table(
    [
      { title: 'example', cell: ({ name }: Example) => name },
      { title: 'models', cell: ({ roles }) => roles.join(', ') },
      { title: 'reads', cell: ({ input }) => `examples/data/${input}` },
      { title: 'about', cell: ({ about }) => about },
    ],
    examples,
  ).join('\n');

/** How to call the tour. */
export const usage = `npm start                          runs all examples on the embedded model
npm start -- NAME …                runs some
npm start -- --list                lists them
npm start -- NAME --input FILE     reads your text instead of the example's own
npm start -- --model ROLE=MODEL    takes another model for a role (small, large), by its folder or name; may be repeated
npm start -- --model … --download  downloads it where it is not here
npm start -- --help                shows this`;
