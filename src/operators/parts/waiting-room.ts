import { asapScheduler, BehaviorSubject, Observable, Subscription } from 'rxjs';
import { AdmissionError } from '../../runtime/admission-error.ts';
import { apart } from '../../runtime/flow/apart.ts';
import { hold } from '../../runtime/flow/hold.ts';
import type { AdmitOptions, AdmitState } from './admit-options.ts';
import { Guest } from './guest.ts';
import { WaitingLine } from './waiting-line.ts';

/** Where inputs wait until there is time for them. */
export class WaitingRoom {
  readonly #settings: Required<Omit<AdmitOptions<never>, 'priority'>>;
  readonly #states = new BehaviorSubject<AdmitState>({ waiting: 0, running: 0, waited: 0 });
  readonly state: Observable<AdmitState> = this.#states.asObservable();
  readonly #line = new WaitingLine<Guest>();
  readonly #running = new Set<Guest>();
  /** What holds the stages before the room while it is full. */
  readonly #holds: Subscription[] = [];
  #called = false;

  constructor(settings: Required<Omit<AdmitOptions<never>, 'priority'>>) {
    this.#settings = settings;
  }

  /** Does work once it is its turn. What holds the stage before ends with `visit`. */
  enter<O>(visit: Subscription, priority: number, work: () => Observable<O>): Observable<O> {
    return new Observable<O>((subscriber) => {
      const guest = new Guest(priority, work, subscriber) as Guest;
      subscriber.add(() => this.#leave(guest));
      if (this.#free && this.#line.length === 0) this.#admit(guest);
      else this.#wait(guest);
      if (this.#settings.overflow === 'hold' && this.#full) this.#hold(visit);
    });
  }

  get #free(): boolean {
    return this.#running.size < this.#settings.concurrency;
  }

  get #full(): boolean {
    const { concurrency, capacity } = this.#settings;
    return this.#running.size + this.#line.length >= concurrency + capacity;
  }

  #wait(guest: Guest): void {
    const { overflow, capacity } = this.#settings;
    const waiting = this.#line.length;
    const over = this.#full && overflow !== 'hold';
    this.#line.join(guest);
    const refused = over ? this.#line[overflow === 'drop-oldest' ? 'oldest' : 'newest'] : undefined;
    if (refused !== guest) guest.report('waiting');
    if (refused === undefined) this.#tell();
    else refused.refuse(overflow === 'error' ? new AdmissionError(waiting, capacity) : undefined);
  }

  #admit(guest: Guest): void {
    this.#running.add(guest);
    guest.report('admitted');
    this.#tell(guest.waited);
    guest.begin();
  }

  #leave(guest: Guest): void {
    if (!this.#running.delete(guest) && !this.#line.leave(guest)) return;
    this.#tell();
    this.#callSoon();
  }

  #hold(visit: Subscription): void {
    const held = new Subscription(hold());
    visit.add(held);
    this.#holds.push(held);
  }

  /** Calls in who waits, once all who leave together have left: none of them is asked in on its way out. */
  #callSoon(): void {
    if (this.#called || this.#line.length + this.#holds.length === 0) return;
    this.#called = true;
    asapScheduler.schedule(() => {
      this.#called = false;
      // A loop, since some work ends at once.
      while (this.#callOne());
    });
  }

  /** Calls in who is next, or lets a stage before go on. Tells whether there was somebody to call. */
  #callOne(): boolean {
    const guest = this.#free ? this.#line.next() : undefined;
    if (guest) this.#admit(guest);
    const held = guest || this.#full ? undefined : this.#holds.shift();
    held?.unsubscribe();
    return guest !== undefined || held !== undefined;
  }

  #tell(waited = this.#states.value.waited): void {
    const state = { waiting: this.#line.length, running: this.#running.size, waited };
    apart(() => this.#states.next(state));
  }
}
