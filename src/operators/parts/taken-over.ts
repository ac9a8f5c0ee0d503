import type { Message } from '../../runtime/message.ts';
import { canonicalJson } from '../../runtime/schema/canonical-json.ts';

/** How many conversations are remembered. */
const most = 1000;

/** Remembers by a number each which conversations somebody else has taken over; the oldest is forgotten first. */
export class TakenOver {
  readonly #known = new Set<number>();

  add(messages: readonly Message[]): void {
    const number = numberOf(messages);
    this.#known.delete(number);
    this.#known.add(number);
    const [oldest] = this.#known;
    if (this.#known.size > most && oldest !== undefined) this.#known.delete(oldest);
  }

  /** Whether these messages go on from the last answer of such a conversation. */
  has(messages: readonly Message[]): boolean {
    if (this.#known.size === 0) return false;
    const answer = messages.findLastIndex(({ role }) => role === 'assistant');
    return answer >= 0 && this.#known.has(numberOf(messages.slice(0, answer + 1)));
  }
}

/** Two conversations have the same one by chance once in four thousand million. */
const numberOf = (messages: readonly Message[]): number => {
  const text = canonicalJson(messages);
  let number = 0;
  for (let index = 0; index < text.length; index++) number = (Math.imul(number, 31) + text.charCodeAt(index)) | 0;
  return number;
};
