import { damagedFile } from './damaged-file.ts';
import { ModelError } from './model-error.ts';

/**
 * What the runtime's refusal to open a model tells of the model itself, worded for the user. `undefined` where another
 * execution provider may take it.
 */
export const graphFault = (graph: string, cause: Error): ModelError | undefined => {
  const message = cause.message.trim();
  const operator = /No Op registered for (\S+)|([\w.:]+)\(-?\d+\) is not a registered function\/op/.exec(message);
  if (operator) {
    return new ModelError(
      `Expected ${graph} to be made of operators that ONNX Runtime has, found \`${operator[1] ?? operator[2]}\`: take another export of the model, or a newer onnxruntime-node`,
      { cause },
    );
  }
  return /protobuf|ModelProto|external|deserialize/i.test(message) ? damagedFile(graph, message, cause) : undefined;
};
