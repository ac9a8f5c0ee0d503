import { type MonoTypeOperatorFunction, noop, Observable } from 'rxjs';
import { hold } from './hold.ts';
import { Outlet } from './outlet.ts';
import { subscribeFor } from './subscribe-for.ts';

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
      const held: (() => void)[] = [];
      const letGo = () => {
        // First, since the source may hand on the next at once.
        taken();
        for (const release of held.splice(0)) release();
      };
      const outlet = new Outlet(subscriber, letGo);
      subscribeFor(subscriber, source, {
        next: (value) => {
          outlet.next(value);
          if (outlet.held) held.push(hold());
          else taken();
        },
        error: (error) => outlet.error(error),
        complete: () => outlet.complete(),
      });
      subscriber.add(letGo);
    });
