import { noop } from 'rxjs';
import { Delivery } from './delivery.ts';

/**
 * Holds the producer of the event that is being handed on: for readers that cannot take more, within their `next`.
 *
 * The producer is found through the calls beneath which this one is made, so the operators in between need not know. Behind
 * an operator that leaves the call stack, such as `delay` or `observeOn`, there is nobody to hold.
 *
 * @returns Lets go; further calls do nothing. A reader that leaves has to let go as well.
 */
export const hold = (): (() => void) => Delivery.current?.hold() ?? noop;
