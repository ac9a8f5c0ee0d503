import type { Observable } from 'rxjs';
import { checkSignal } from '../runtime/check-signal.ts';
import { expected } from '../runtime/expected.ts';
import { checkReader, type PullSettings } from './check-reader.ts';
import type { SseOptions } from './sse-options.ts';

/** Reads the arguments of what sends events, and refuses misuse when it is made. `more` names options beside those. */
export const checkSse = (
  name: string,
  source: Observable<unknown>,
  options: SseOptions,
  more: readonly string[] = [],
): PullSettings => {
  const known = ['highWaterMark', 'idleTimeout', 'signal', 'toMessage', ...more];
  const settings = checkReader(name, source, options, known);
  const { signal, toMessage } = options;
  checkSignal(signal);
  if (toMessage !== undefined && typeof toMessage !== 'function') {
    throw new TypeError(expected('`toMessage`', 'a function', toMessage));
  }
  return settings;
};
