import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Message } from '../protobuf/message.ts';

/** The constant tensors of a graph, where they stand in the .onnx file and where they lie in a file beside it. */
export class GraphTensors {
  readonly #folder: string;
  readonly #tensors: ReadonlyMap<string, Message>;
  readonly #files = new Map<string, FileHandle>();

  /** @param folder Where the .onnx file lies. */
  constructor(folder: string, graph: Message) {
    this.#folder = folder;
    this.#tensors = new Map(graph.messages(5).map((tensor) => [tensor.text(8), tensor]));
  }

  /** The number of ONNX for the type of a tensor; 0 where there is none. */
  type(name: string): number {
    return this.#tensors.get(name)?.number(2) ?? 0;
  }

  /**
   * The bytes of a tensor; `undefined` where there is none, or its numbers do not stand in bytes.
   *
   * @param memory Where to put what is not in memory yet.
   */
  async read(name: string, memory: Uint8Array): Promise<Uint8Array | undefined> {
    const tensor = this.#tensors.get(name);
    if (tensor === undefined) return undefined;
    const place = placeOf(tensor);
    if (place === undefined) return tensor.contents(9)[0];
    const { path, offset, length } = place;
    const file = this.#files.get(path) ?? (await open(join(this.#folder, path)));
    this.#files.set(path, file);
    const { bytesRead } = await file.read(memory, 0, Math.min(length, memory.length), offset);
    return memory.subarray(0, bytesRead);
  }

  async close(): Promise<void> {
    for (const file of this.#files.values()) await file.close();
  }
}

/** Where the numbers of a tensor lie that are not in the .onnx file. */
const placeOf = (tensor: Message): { path: string; offset: number; length: number } | undefined => {
  if (tensor.number(14) === 0) return undefined;
  const pairs = new Map(tensor.messages(13).map((pair) => [pair.text(1), pair.text(2)]));
  const [offset, length] = [Number(pairs.get('offset') ?? 0), Number(pairs.get('length') ?? Number.POSITIVE_INFINITY)];
  return { path: pairs.get('location') ?? '', offset, length };
};
