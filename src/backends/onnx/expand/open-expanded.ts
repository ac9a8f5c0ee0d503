import type { LoadOptions } from '../load-options.ts';
import { type InferenceSession, openForm, type Runtime, type Tensor } from '../session.ts';
import { expandModel } from './expand-model.ts';

/** A session, and the inputs that are its weights. */
export type ExpandedSession = {
  readonly session: InferenceSession;
  readonly weights: { readonly [name: string]: Tensor };
};

/**
 * Opens a model once more, with its quantised matrices in single precision and without scores, for prompts: a processor
 * without instructions for sums of products of 8-bit numbers computes many tokens faster so.
 *
 * @param path The .onnx file.
 * @returns `undefined` where there is nothing to write out.
 */
export const openExpanded = async (
  runtime: Runtime,
  path: string,
  { threads }: Pick<LoadOptions, 'threads'>,
): Promise<ExpandedSession | undefined> => {
  const expanded = await expandModel(path);
  if (expanded === undefined) return undefined;
  const weights = [...expanded.matrices].map(([name, { rows, columns, numbers }]) => [
    name,
    new runtime.Tensor('float32', numbers, [rows, columns]),
  ]);
  const session = await openForm(runtime, path, expanded.model, { executionProvider: 'cpu', threads });
  return { session, weights: Object.fromEntries(weights) };
};
