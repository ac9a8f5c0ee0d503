import { join } from 'node:path';
import type { HubModel } from './hub-model.ts';

/** Where @huggingface/transformers keeps the files of a model. */
export const cacheFolder = (cacheDir: string, { id, revision }: Pick<HubModel, 'id' | 'revision'>): string =>
  revision === 'main' ? join(cacheDir, id) : join(cacheDir, id, revision);
