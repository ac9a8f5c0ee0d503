import { expected } from './expected.ts';

/** Refuses what is no workflow. */
export const checkWorkflow = (name: string, workflow: unknown): void => {
  if (typeof workflow !== 'function') throw new TypeError(expected(name, 'a workflow', workflow));
};
