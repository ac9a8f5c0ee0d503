import { expected } from './expected.ts';

/** Refuses options that are no object, and one that nobody reads, so that a misspelt one is not silently without effect. */
export const checkOptions = (owner: string, options: object, known: readonly string[]): void => {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(expected(`the options of ${owner}`, 'an object', options));
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new TypeError(`Expected the options of ${owner} to be among ${known.join(', ')}, received \`${key}\``);
    }
  }
};
