import { open } from 'node:fs/promises';
import { damagedFile } from './damaged-file.ts';
import { Message } from './protobuf/message.ts';
import { MessageFile } from './protobuf/message-file.ts';

/**
 * The names of the files beside a .onnx file in which it keeps weights, as it gives them itself. Weights inside the file
 * are skipped, not read.
 *
 * @throws ModelError where the file is no model.
 */
export const externalFiles = async (graph: string): Promise<ReadonlySet<string>> => {
  const file = await open(graph);
  try {
    return await readNames(new MessageFile(file, (await file.stat()).size));
  } catch (cause) {
    throw damagedFile(graph, (cause as Error).message, cause);
  } finally {
    await file.close();
  }
};

/** `ModelProto.graph`, of which each `initializer` may have `external_data`, in pairs of texts. */
const readNames = async (message: MessageFile): Promise<ReadonlySet<string>> => {
  const names = new Set<string>();
  for await (const graph of message.fields()) {
    if (graph.number !== 7) continue;
    for await (const tensor of message.fields(graph.start, graph.end)) {
      if (tensor.number !== 5) continue;
      for await (const { number, bytes } of message.fields(tensor.start, tensor.end)) {
        if (number !== 13 || bytes === undefined) continue;
        const pair = new Message(bytes);
        if (pair.text(1) === 'location') names.add(pair.text(2));
      }
    }
  }
  return names;
};
