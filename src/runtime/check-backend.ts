import type { Backend } from './backend.ts';
import { expected } from './expected.ts';

/** Refuses what is no backend. */
export const checkBackend = (name: string, backend: Backend): void => {
  if (typeof backend?.infer !== 'function') {
    throw new TypeError(expected(name, 'an object with an `infer` method', backend));
  }
};
