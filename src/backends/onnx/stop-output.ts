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

const field = (number: number, bytes: readonly number[]): number[] => [(number << 3) | 2, bytes.length, ...bytes];
const text = (number: number, value: string): number[] => field(number, [...new TextEncoder().encode(value)]);

/** A tensor of floats, as a TypeProto: `tensor_type { elem_type: FLOAT }`. */
const floats = field(1, [0x08, 0x01]);

/** `graph { node { output, op_type: SequenceEmpty } output { name, type: a sequence of tensors of floats } }` */
const prefix = Uint8Array.from(
  field(7, [
    ...field(1, [...text(2, stopOutput), ...text(4, 'SequenceEmpty')]),
    ...field(12, [...text(1, stopOutput), ...field(2, field(4, field(1, floats)))]),
  ]),
);
