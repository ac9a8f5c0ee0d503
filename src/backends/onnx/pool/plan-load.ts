import type { Footprint } from '../footprint/footprint.ts';
import { measureFootprint } from '../footprint/measure-footprint.ts';
import type { LoadOptions } from '../load-options.ts';
import { lacksByteProducts } from './lacks-byte-products.ts';

/** How a model will be loaded, and what it will take. */
export type LoadPlan = { readonly options: LoadOptions; readonly footprint: Footprint };

/** The share of a pool's budget that a model may take whose weights are expanded without anyone having asked for it. */
const share = 1 / 4;

/**
 * Decides what the options of a model leave open: its weights are expanded where that is faster and memory is plenty.
 *
 * @param budget Of its pool, in bytes.
 * @param slow Whether the processor is slow with 8-bit numbers. Defaults to what it tells of itself.
 * @throws ModelError where a file is missing or damaged, or the model is of a kind that is not supported.
 */
export const planLoad = async (
  options: LoadOptions,
  budget: number,
  slow: boolean = lacksByteProducts(),
): Promise<LoadPlan> => {
  const isOpen = options.expandWeights === undefined;
  const asks = {
    ...options,
    expandWeights: isOpen ? slow && options.executionProviders[0] === 'cpu' : options.expandWeights,
  };
  const footprint = await measureFootprint(asks);
  if (!isOpen || footprint.total <= budget * share) return { options: asks, footprint };
  const without = { ...options, expandWeights: false };
  return { options: without, footprint: await measureFootprint(without) };
};
