import type { Backend } from '../../runtime/backend.ts';
import type { Served } from '../../runtime/inference-event.ts';
import { Speed } from './speed.ts';
import { TakenOver } from './taken-over.ts';

/** A backend that `prefer` may ask, and what it has seen of it. */
export class Candidate {
  readonly backend: Backend;
  readonly location: Served['location'] | undefined;
  readonly speed: Speed = new Speed();
  /** Those whose last answer is its own. */
  readonly conversations: TakenOver = new TakenOver();

  constructor(backend: Backend, location: Served['location'] | undefined = backend.location) {
    this.backend = backend;
    this.location = location;
  }
}
