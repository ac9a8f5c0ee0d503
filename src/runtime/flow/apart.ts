import { noop } from 'rxjs';
import { Delivery } from './delivery.ts';

/** Does work that is none of the event's that is being handed on: who holds within it does not hold its producer. */
export const apart = (work: () => void): void => {
  new Delivery(noop).hand({ next: work }, undefined);
};
