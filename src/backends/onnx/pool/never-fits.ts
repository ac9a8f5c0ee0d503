import type { Footprint } from '../footprint/footprint.ts';
import { ModelError } from '../model-error.ts';
import { byteText } from './byte-text.ts';

/** The error for a model that is larger than its pool's budget. */
export const neverFits = (name: string, { total, ...parts }: Footprint, budget: number): ModelError => {
  const { expandedWeights, ...others } = parts;
  const taken = Object.entries({ ...others, ...(expandedWeights > 0 && { 'expanded weights': expandedWeights }) });
  const sizes = taken.map(([part, bytes]) => `${part} ${byteText(bytes)}`).join(', ');
  const remedies = ['raise the `budget`', ...(expandedWeights > 0 ? ['leave out `expandWeights`'] : [])];
  return new ModelError(
    `Expected a model that fits into its pool's budget of ${byteText(budget)}, received ${name}, which takes ${byteText(total)} (${sizes}): ${remedies.join(', ')}, lower \`cacheTokens\`, or take a smaller model`,
  );
};
