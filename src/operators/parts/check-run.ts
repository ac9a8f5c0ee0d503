import { checkOptions } from '../../runtime/check-options.ts';
import { checkSignal } from '../../runtime/check-signal.ts';
import { checkTimeouts } from '../../runtime/check-timeouts.ts';
import { checkWorkflow } from '../../runtime/check-workflow.ts';
import { expected } from '../../runtime/expected.ts';
import type { RunOptions } from './run-options.ts';

/** Refuses misuse of `run` when the run is made. */
export const checkRun = (workflow: unknown, options: RunOptions): void => {
  checkWorkflow('the workflow of run', workflow);
  checkOptions('run', options, ['preload', 'deadline', 'signal']);
  checkTimeouts(options);
  checkSignal(options.signal);
  const { preload = [] } = options;
  const isBackend = (value: unknown) => typeof (value as { infer?: unknown } | null)?.infer === 'function';
  if (!Array.isArray(preload) || !preload.every(isBackend)) {
    throw new TypeError(expected('`preload`', 'a list of backends', preload));
  }
};
