import type { Footprint } from '../footprint/footprint.ts';
import { ModelError } from '../model-error.ts';
import { byteText } from './byte-text.ts';

/** The error for a model that is larger than its pool's budget. */
export const neverFits = (name: string, { total, ...parts }: Footprint, budget: number): ModelError => {
  const sizes = Object.entries(parts).map(([part, bytes]) => `${part} ${byteText(bytes)}`);
  return new ModelError(
    `Expected a model that fits into its pool's budget of ${byteText(budget)}, received ${name}, which takes ${byteText(total)} (${sizes.join(', ')}): raise the \`budget\`, lower \`cacheTokens\`, or take a smaller model`,
  );
};
