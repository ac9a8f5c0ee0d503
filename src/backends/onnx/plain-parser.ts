import type { OutputParser } from './output-parser.ts';

/** Takes everything that a model writes for its answer. */
export const plainParser = (): OutputParser => ({
  push: (text) => (text === '' ? [] : [{ type: 'token', text }]),
  end: () => [],
});
