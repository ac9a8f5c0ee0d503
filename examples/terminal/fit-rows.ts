/**
 * Fits the lines of several blocks into so many rows. Where they are too many, the longest give way first: a block
 * shows its title and its end; blocks for which not one row is left are counted in a last line.
 */
export const fitRows = (blocks: readonly (readonly string[])[], rows: number): readonly string[] => {
  const hidden = blocks.length > rows ? blocks.length - Math.max(0, rows - 1) : 0;
  const shown = blocks.slice(0, blocks.length - hidden);
  const shares = share(
    shown.map(({ length }) => length),
    hidden === 0 ? rows : rows - 1,
  );
  const lines = shown.flatMap((block, index) => ends(block, shares[index] ?? 0));
  return hidden === 0 || rows < 1 ? lines : [...lines, `  … and ${hidden} more`];
};

/** Hands out the rows one by one, in turn, to those that want more. */
const share = (wanted: readonly number[], rows: number): readonly number[] => {
  const given = wanted.map(() => 0);
  let left = Math.min(
    rows,
    wanted.reduce((sum, rows) => sum + rows, 0),
  );
  while (left > 0) {
    for (const [index, want] of wanted.entries()) {
      const has = given[index] ?? 0;
      if (left === 0 || has >= want) continue;
      given[index] = has + 1;
      left--;
    }
  }
  return given;
};

const ends = (block: readonly string[], rows: number): readonly string[] =>
  rows <= 1 ? block.slice(0, rows) : [...block.slice(0, 1), ...block.slice(1).slice(1 - rows)];
