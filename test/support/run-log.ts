import type { Runner } from '../../src/backends/onnx/engine.ts';
import type { Work } from '../../src/backends/onnx/work.ts';

/** A runner that does what another does and remembers it. */
export const logged = (
  runner: Runner,
  before: (works: readonly Work[]) => void = () => {},
): Runner & { readonly runs: (readonly Work[])[] } => {
  const { cache, chunk, vocabulary, width } = runner;
  const runs: (readonly Work[])[] = [];
  const run = (works: readonly Work[]) => {
    runs.push(works);
    before(works);
    return runner.run(works);
  };
  return { cache, chunk, vocabulary, width, runs, run };
};

/** How many tokens were computed. */
export const tokensOf = (runs: readonly (readonly Work[])[]): number =>
  runs.flat().reduce((sum, { ids }) => sum + ids.length, 0);
