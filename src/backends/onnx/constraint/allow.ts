/** How many words a mask of that many tokens takes. */
export const maskWords = (tokens: number): number => Math.ceil(tokens / 32);

/** Adds a token to a mask. */
export const allow = (mask: Int32Array, id: number): void => {
  mask[id >> 5] = (mask[id >> 5] as number) | (1 << (id & 31));
};

/** Writes a mask of nothing but these tokens. */
export const allowOnly = (mask: Int32Array, ids: readonly number[]): void => {
  mask.fill(0);
  for (const id of ids) allow(mask, id);
};
