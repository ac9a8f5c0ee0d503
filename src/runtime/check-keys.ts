/** Refuses an option that nobody reads, so that a misspelt one is not silently without effect. */
export const checkKeys = (owner: string, options: object, known: readonly string[]): void => {
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new TypeError(`Expected the options of ${owner} to be among ${known.join(', ')}, received \`${key}\``);
    }
  }
};
