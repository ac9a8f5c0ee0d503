import { protobufFields } from './protobuf-fields.ts';

/** Gets the content of a field and its index among those of its number; `undefined` leaves the field as it is. */
type Replace = (content: Uint8Array, index: number) => Uint8Array | undefined;

/**
 * The fields of a protobuf message, some of them replaced, each as a whole; by an empty array where it is to be left out.
 *
 * @param replace By the numbers of fields.
 */
export const replaceFields = (
  message: Uint8Array,
  replace: { readonly [number: number]: Replace },
): readonly Uint8Array[] => {
  const counts = new Map<number, number>();
  let from = 0;
  return [...protobufFields(message)].map(({ number, start, end }) => {
    const whole = message.subarray(from, end);
    from = end;
    const index = counts.get(number) ?? 0;
    counts.set(number, index + 1);
    return replace[number]?.(message.subarray(start, end), index) ?? whole;
  });
};
