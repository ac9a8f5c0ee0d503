import { map, type Observable, timer } from 'rxjs';
import { TimeoutError, type TimeoutLimit } from '../../runtime/timeout-error.ts';

/** Fails after so many milliseconds; `text` gives the answer up to then. */
export const overdue = (limit: TimeoutLimit, after: number, text: () => string): Observable<never> =>
  timer(after).pipe(
    map(() => {
      throw new TimeoutError(limit, after, text());
    }),
  );
