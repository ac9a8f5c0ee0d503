import type { Subscriber } from 'rxjs';
import { Delivery } from './delivery.ts';

/**
 * Hands an event to a reader who may be slow: for producers, instead of `subscriber.next`.
 *
 * Whoever is called beneath and cannot take more calls {@link hold}. The producer then makes nothing further, and does not
 * complete either, before `resume` is called.
 *
 * @param resume Called once all who hold have let go; not within this call, and never where nobody holds.
 * @returns Whether the producer may go on at once.
 */
export const deliver = <T>(subscriber: Subscriber<T>, event: T, resume: () => void): boolean =>
  new Delivery(resume).hand(subscriber, event);
