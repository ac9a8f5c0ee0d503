import { write } from './protobuf/write.ts';

/**
 * The name of an output that the runtime's JavaScript binding cannot convert. Where it comes first among the outputs of a
 * run, the run is computed as ever and ends with an error before anything is copied back into JavaScript: what was
 * written into preallocated outputs is there, and nothing was paid for a copy of the whole cache.
 */
export const stopOutput = '__stop';

/** Whether a run failed for no other reason than its stop output, so that everything asked for is computed. */
export const isStop = (error: unknown): boolean =>
  error instanceof Error && error.message === 'Non tensor type is temporarily not supported.';

/**
 * A model in the ONNX format with the stop output in front of its outputs. Two protobuf messages one after the other are
 * one message with the fields of both, so the model itself is neither read nor changed.
 */
export const withStopOutput = (model: Uint8Array): Uint8Array<ArrayBuffer> => {
  const patched = new Uint8Array(prefix.length + model.length);
  patched.set(prefix);
  patched.set(model, prefix.length);
  return patched;
};

/** A tensor of floats, as a TypeProto: `tensor_type { elem_type: FLOAT }`. */
const floats = write.bytes(1, write.number(1, 1));

/** `graph { node { output, op_type: SequenceEmpty } output { name, type: a sequence of tensors of floats } }` */
const prefix = write.bytes(
  7,
  write.bytes(1, write.text(2, stopOutput), write.text(4, 'SequenceEmpty')),
  write.bytes(12, write.text(1, stopOutput), write.bytes(2, write.bytes(4, write.bytes(1, floats)))),
);
