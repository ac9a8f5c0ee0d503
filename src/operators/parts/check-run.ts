import { checkKeys } from '../../runtime/check-keys.ts';
import { checkSignal } from '../../runtime/check-signal.ts';
import { checkTimeouts } from '../../runtime/check-timeouts.ts';
import { expected } from '../../runtime/expected.ts';
import type { RunOptions } from './run-options.ts';

/** Refuses misuse of `run` when the run is made. */
export const checkRun = (options: RunOptions): void => {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(expected('the options of run', 'an object', options));
  }
  checkKeys('run', options, ['preload', 'deadline', 'signal']);
  checkTimeouts(options);
  checkSignal(options.signal);
  const { preload = [] } = options;
  const isBackend = (value: unknown) => typeof (value as { infer?: unknown } | null)?.infer === 'function';
  if (!Array.isArray(preload) || !preload.every(isBackend)) {
    throw new TypeError(expected('`preload`', 'a list of backends', preload));
  }
};
