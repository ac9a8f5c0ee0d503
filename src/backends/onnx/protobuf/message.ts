import { packedNumbers } from './packed-numbers.ts';
import { type ProtobufField, protobufFields } from './protobuf-fields.ts';

const decoder = new TextDecoder();

/**
 * A protobuf message in memory, read by the numbers of its fields. What is absent is empty, or 0.
 *
 * @throws Error where these bytes are no message.
 */
export class Message {
  readonly #bytes: Uint8Array;
  readonly #fields: readonly ProtobufField[];

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#fields = [...protobufFields(bytes)];
  }

  /** Each content of a field. */
  contents(number: number): readonly Uint8Array[] {
    return this.#all(number).map(({ start, end }) => this.#bytes.subarray(start, end));
  }

  texts(number: number): readonly string[] {
    return this.contents(number).map((content) => decoder.decode(content));
  }

  text(number: number): string {
    return this.texts(number).at(-1) ?? '';
  }

  messages(number: number): readonly Message[] {
    return this.contents(number).map((content) => new Message(content));
  }

  number(number: number): number {
    return this.#all(number).at(-1)?.value ?? 0;
  }

  /** Numbers of a field that repeats, each in a field of its own or all in one. */
  numbers(number: number): readonly number[] {
    return this.#all(number).flatMap(({ value, start, end }) =>
      start === end ? [value] : packedNumbers(this.#bytes.subarray(start, end)),
    );
  }

  #all(wanted: number): readonly ProtobufField[] {
    return this.#fields.filter(({ number }) => number === wanted);
  }
}
