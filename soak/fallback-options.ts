import type { FallbackOptions } from 'millrace';
import type { Chance } from './chance.ts';

/** Draws how `fallback` and its kin go on where one fails. */
export const fallbackOptions = (chance: Chance, modes: readonly FallbackOptions['onPartial'][]) => {
  const onPartial = chance.pick(modes);
  return {
    ...(onPartial && { onPartial }),
    ...(onPartial === 'hold' && chance.of(0.5) && { tokens: chance.between(1, 6) }),
    ...(chance.of(0.3) && { when: () => true }),
  } as FallbackOptions<'fail' | 'retract' | 'hold'>;
};
