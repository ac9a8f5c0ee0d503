import type { Questions } from '../questions.ts';
import type { Settings } from './contestant.ts';
import { llamaFiles } from './llama-files.ts';
import { type Side, type SideName, startSide } from './start-side.ts';

/** Starts those that are compared, one after another. One that is not installed is left out, which is said in a line. */
export const startSides = async (
  names: readonly SideName[],
  questions: Questions,
  settings: Settings = {},
): Promise<readonly Side[]> => {
  const sides: Side[] = [];
  for (const name of names) {
    const files = name === 'llama.cpp' ? llamaFiles() : undefined;
    if (typeof files === 'string') console.error(`without llama.cpp: ${files}`);
    else sides.push(await startSide(name, settings, questions.ofLength(64, 4)));
  }
  return sides;
};
