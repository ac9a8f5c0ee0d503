import type { FileHandle } from 'node:fs/promises';
import { protobufFields } from './protobuf-fields.ts';

/** A field of a message in a file: its bytes, or only where they lie where there are many. */
export type FileField = {
  readonly number: number;
  readonly value: number;
  readonly start: number;
  readonly end: number;
  readonly bytes?: Uint8Array;
};

const windowLength = 2 ** 16;
/** Longer than what stands before the content of a field. */
const headLength = 20;

/** A file that holds a protobuf message. Long contents are stepped over, so that weights are not read. */
export class MessageFile {
  readonly #file: FileHandle;
  readonly #length: number;

  constructor(file: FileHandle, length: number) {
    this.#file = file;
    this.#length = length;
  }

  /**
   * The fields of the message between two places. Defaults to the whole file.
   *
   * @throws Error where the file holds no message.
   */
  async *fields(start = 0, end: number = this.#length): AsyncGenerator<FileField> {
    for (let at = start; at < end; ) {
      const bytes = await this.#read(at, Math.min(end, at + windowLength));
      const until = at + bytes.length === end ? bytes.length : bytes.length - headLength;
      let next = at;
      for (const field of protobufFields(bytes, until)) {
        const isWhole = field.end <= bytes.length;
        // What begins here may be whole in a window of its own.
        if (!isWhole && next > at && field.end - field.start < windowLength / 2) break;
        next = at + field.end;
        if (next > end) throw new Error('it ends too early');
        const whole = isWhole && { bytes: bytes.subarray(field.start, field.end) };
        yield { number: field.number, value: field.value, start: at + field.start, end: next, ...whole };
      }
      at = next;
    }
  }

  async #read(start: number, end: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(end - start);
    const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, start);
    if (bytesRead < bytes.length) throw new Error('it ends too early');
    return bytes;
  }
}
