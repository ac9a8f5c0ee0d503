import { type MonoTypeOperatorFunction, tap } from 'rxjs';
import { atEnd } from '../flow/at-end.ts';
import type { Frame } from './frame.ts';

/** Reports how a step ended: by itself, with an error, or because its reader left. */
export const reportEnd = <T>(frame: Frame): MonoTypeOperatorFunction<T> =>
  atEnd(
    tap({
      complete: () => frame.report({ type: 'complete' }),
      error: (error) => frame.report({ type: 'error', error }),
      unsubscribe: () => frame.report({ type: 'cancel' }),
    }),
  );
