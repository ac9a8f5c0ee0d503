import { asyncScheduler } from 'rxjs';
import type { InferenceEvent, RetractEvent } from '../../runtime/inference-event.ts';
import { isInferenceEvent } from '../../runtime/is-inference-event.ts';

/** What the reader of an attempt has seen of it, and what of that stands. */
export class Shown {
  /** The last attempt that was seen. */
  attempt = 1;
  /** When the first token came that stands, in milliseconds since 1970. */
  since: number | undefined;
  /** Whether a tool was called, or a call was begun. */
  called = false;
  /** Whether something was seen that cannot be taken back: a finished answer, or a value that is no event. */
  final = false;
  /** The texts of the answers that stand and are not finished, by their requests. */
  readonly #open = new Map<string, string>();
  #values = '';

  get nothing(): boolean {
    return !this.final && this.#open.size === 0;
  }

  /** The text that stands. */
  get text(): string {
    return this.#values + [...this.#open.values()].join('');
  }

  /** What takes it all back. */
  get retracts(): readonly RetractEvent[] {
    return [...this.#open.keys()].map((request) => ({ type: 'retract', request, attempt: this.attempt }));
  }

  see(value: unknown): void {
    if (isInferenceEvent(value)) this.#seeEvent(value);
    else {
      this.final = true;
      if (typeof value === 'string') this.#values += value;
    }
  }

  #seeEvent(event: InferenceEvent): void {
    const { type, request } = event;
    this.attempt = Math.max(this.attempt, event.attempt);
    if (type === 'retract') this.#forget(request);
    else if (type === 'finish') this.final = true;
    // The text of a round of tools is no part of the answer.
    else this.#open.set(request, type === 'tool-result' ? '' : this.#textOf(event));
    if (type === 'token') this.since ??= asyncScheduler.now();
    if (type === 'tool-call' || type === 'tool-call-delta') this.called = true;
  }

  #textOf(event: InferenceEvent): string {
    return (this.#open.get(event.request) ?? '') + (event.type === 'token' ? event.text : '');
  }

  #forget(request: string): void {
    this.#open.delete(request);
    this.since = undefined;
    this.called = false;
  }
}
