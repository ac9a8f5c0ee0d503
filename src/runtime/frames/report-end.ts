import { type MonoTypeOperatorFunction, tap } from 'rxjs';
import type { Frame } from './frame.ts';

/** Reports how a step ended: by itself, with an error, or because its reader left. */
export const reportEnd = <T>(frame: Frame): MonoTypeOperatorFunction<T> =>
  tap({
    complete: () => frame.report({ type: 'complete' }),
    error: (error) => frame.report({ type: 'error', error }),
    unsubscribe: () => frame.report({ type: 'cancel' }),
  });
