/** A field of a protobuf message. */
export type ProtobufField = {
  readonly number: number;
  /** The value of a number; 0 for any other field. */
  readonly value: number;
  /** Where the content of any other field lies. */
  readonly start: number;
  /** Lies beyond the bytes where they hold only the beginning of the message. */
  readonly end: number;
};

/**
 * The fields of a protobuf message.
 *
 * @param until Where fields may begin at most. Defaults to the end.
 * @throws Error where these bytes are no message.
 */
export function* protobufFields(bytes: Uint8Array, until: number = bytes.length): Generator<ProtobufField> {
  let at = 0;
  const varint = (): number => {
    for (let value = 0, scale = 1; at < bytes.length; scale *= 128) {
      const byte = bytes[at++] as number;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new Error('it ends in the middle of a number');
  };
  while (at < until) {
    const tag = varint();
    const kind = tag % 8;
    const value = kind === 0 ? varint() : 0;
    const length = kind === 2 ? varint() : { 0: 0, 1: 8, 5: 4 }[kind];
    if (length === undefined || tag < 8) throw new Error(`byte ${at} begins no field`);
    yield { number: Math.floor(tag / 8), value, start: at, end: at + length };
    at += length;
  }
}
