import { type MonoTypeOperatorFunction, noop, Observable, Subject, takeUntil } from 'rxjs';
import { hold } from './hold.ts';
import { Outlet } from './outlet.ts';

/**
 * Hands values on as deliveries of their own: for operators whose values come out at another time than what they are made
 * of came in. While the reader holds one, the source is held, and does not seem to have ended.
 *
 * @param taken Called whenever the reader has taken all there was.
 */
export const redeliver =
  <T>(taken: () => void = noop): MonoTypeOperatorFunction<T> =>
  (source) =>
    new Observable((subscriber) => {
      // Registered before the source runs, so that leaving stops a synchronous source too.
      const left = new Subject<void>();
      const held: (() => void)[] = [];
      const letGo = () => {
        // First, since the source may hand on the next at once.
        taken();
        for (const release of held.splice(0)) release();
      };
      subscriber.add(() => left.next());
      subscriber.add(letGo);
      const outlet = new Outlet(subscriber, letGo);
      source.pipe(takeUntil(left)).subscribe({
        next: (value) => {
          outlet.next(value);
          if (outlet.held) held.push(hold());
          else taken();
        },
        error: (error) => outlet.error(error),
        complete: () => outlet.complete(),
      });
    });
