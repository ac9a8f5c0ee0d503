import { missingPeerText } from '../../runtime/missing-peer-text.ts';
import { ModelError } from './model-error.ts';

/** The error for an optional peer package that could not be imported. */
export const missingPeer = (name: string, cause: unknown): ModelError =>
  new ModelError(missingPeerText(name, 'runs models', cause), { cause });
