import { type InferenceEvent, TruncatedError } from 'millrace';
import { defer, mergeMap, type OperatorFunction } from 'rxjs';

/** Reads a JSON array piece by piece. */
class ArrayReader {
  text = '';
  #at = 0;
  #start = 0;
  #depth = 0;
  #quoted = false;

  /** Takes the next piece, and gives the elements that became whole with it. */
  *read(piece: string): Generator<string> {
    this.text += piece;
    for (; this.#at < this.text.length; this.#at++) {
      const character = this.text[this.#at];
      if (character === '\\') this.#at++;
      else if (character === '"') this.#quoted = !this.#quoted;
      else if (!this.#quoted) yield* this.#step(character);
    }
  }

  get whole(): boolean {
    return this.#start > 0 && this.#depth === 0;
  }

  *#step(character: string | undefined): Generator<string> {
    const end = this.#depth === 1 && (character === ',' || character === ']');
    const element = this.text.slice(this.#start, this.#at).trim();
    if (character === '[' || character === '{') this.#depth++;
    if (character === ']' || character === '}') this.#depth--;
    if (end || (character === '[' && this.#depth === 1)) this.#start = this.#at + 1;
    if (end && element !== '') yield element;
  }
}

/**
 * Emits each element of a JSON array while the model still writes the array: the moment the element is whole.
 *
 * The elements have the type that the caller says. With a `schema` that the backend enforces, that is what they are.
 * What has been emitted cannot be taken back: after a `retract` the elements of the new attempt come as well.
 *
 * @throws TruncatedError where the array has no end.
 */
export const elements =
  <T>(): OperatorFunction<InferenceEvent, T> =>
  (source) =>
    defer(() => {
      const readers = new Map<string, ArrayReader>();
      return source.pipe(
        mergeMap((event): readonly T[] => {
          const reader = readers.get(event.request) ?? new ArrayReader();
          readers.set(event.request, reader);
          if (event.type === 'token') return Array.from(reader.read(event.text), (element) => JSON.parse(element) as T);
          if (event.type === 'finish' && !reader.whole) throw new TruncatedError(reader.text, event.usage.output);
          if (event.type === 'finish' || event.type === 'retract') readers.delete(event.request);
          return [];
        }),
      );
    });
