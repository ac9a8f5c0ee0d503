/** More bring little: what is computed a token at a time waits for memory. */
const most = 8;

/**
 * How many threads compute a model where nobody says how many: three of four cores, rounded up, and at most 8, so that the
 * program's own work has room. A model that is loaded while others are gets its share of that, at least one: threads of
 * several models at once on the same cores wait for one another.
 *
 * | cores | alone | second | third | fourth |
 * |---|---|---|---|---|
 * | 2 | 2 | 1 | 1 | 1 |
 * | 4 | 3 | 1 | 1 | 1 |
 * | 8 | 6 | 3 | 2 | 1 |
 * | 16 | 8 | 4 | 2 | 2 |
 *
 * @param cores What the process may use.
 * @param models How many models are loaded in it, this one included.
 */
export const defaultThreads = (cores: number, models: number): number =>
  Math.max(1, Math.floor(Math.min(most, Math.ceil((cores * 3) / 4)) / models));
