import { type FileHandle, open } from 'node:fs/promises';
import { damagedFile } from './damaged-file.ts';

const windowSize = 2 ** 16;

/**
 * The names of the files beside a .onnx file in which it keeps weights, as it gives them itself. Weights inside the file
 * are skipped, not read.
 *
 * @throws ModelError where the file is no model.
 */
export const externalFiles = async (graph: string): Promise<ReadonlySet<string>> => {
  const file = await open(graph);
  try {
    const { size } = await file.stat();
    const names = new Set<string>();
    const reader = new Reader(file);
    for await (const model of reader.messages(0, size, 7)) {
      for await (const tensor of reader.messages(model.start, model.end, 5)) {
        for await (const entry of reader.messages(tensor.start, tensor.end, 13)) {
          const name = locationOf(await reader.bytes(entry.start, entry.end));
          if (name !== undefined) names.add(name);
        }
      }
    }
    return names;
  } catch (cause) {
    throw damagedFile(graph, (cause as Error).message, cause);
  } finally {
    await file.close();
  }
};

type Span = { readonly start: number; readonly end: number };

/** Reads the fields of protobuf messages, which skip what is not asked for. */
class Reader {
  readonly #file: FileHandle;
  #window: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Where the messages lie that a message has in a field. */
  async *messages(start: number, end: number, field: number): AsyncGenerator<Span> {
    for (let at = start; at < end; ) {
      const [tag, afterTag] = await this.#number(at, end);
      const kind = tag % 8;
      const [size, from] = kind === 2 ? await this.#number(afterTag, end) : [sizes[kind], afterTag];
      // Of a plain number, only its end matters.
      const next = kind === 0 ? (await this.#number(afterTag, end))[1] : from + (size ?? Number.NaN);
      if (!(next <= end)) throw new Error(`no ONNX model at byte ${at}`);
      if (kind === 2 && Math.floor(tag / 8) === field) yield { start: from, end: next };
      at = next;
    }
  }

  /** At most a window's worth. */
  async bytes(start: number, end: number): Promise<Buffer> {
    if (start < this.#at || end > this.#at + this.#window.length) {
      const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(windowSize), 0, windowSize, start);
      this.#window = buffer.subarray(0, bytesRead);
      this.#at = start;
    }
    return this.#window.subarray(start - this.#at, end - this.#at);
  }

  async #number(start: number, end: number): Promise<readonly [number, number]> {
    let number = 0;
    let scale = 1;
    for (const [index, byte] of (await this.bytes(start, Math.min(end, start + 10))).entries()) {
      number += (byte & 127) * scale;
      scale *= 128;
      if (byte < 128) return [number, start + index + 1];
    }
    throw new Error(`no ONNX model at byte ${start}`);
  }
}

/** How many bytes a field takes by its kind, where that is fixed. */
const sizes: readonly (number | undefined)[] = [undefined, 8, undefined, undefined, undefined, 4];

/** The value of a pair of texts whose key is `location`. */
const locationOf = (pair: Buffer): string | undefined => {
  const key = Buffer.concat([Buffer.from([10, 8]), Buffer.from('location'), Buffer.from([18])]);
  if (pair.indexOf(key) !== 0) return undefined;
  const long = (pair[key.length] as number) >= 128;
  return pair.toString('utf8', key.length + (long ? 2 : 1));
};
