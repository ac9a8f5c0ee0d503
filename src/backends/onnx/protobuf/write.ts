const encoder = new TextEncoder();

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];

/** Writes fields of protobuf messages. One after the other they are the message. */
export const write: {
  /** A field with some content: bytes, or the fields of a message. */
  readonly bytes: (number: number, ...contents: readonly Uint8Array[]) => Uint8Array<ArrayBuffer>;
  readonly text: (number: number, value: string) => Uint8Array<ArrayBuffer>;
  /** A whole number from 0 on. */
  readonly number: (number: number, value: number) => Uint8Array<ArrayBuffer>;
} = {
  bytes: (number, ...contents) => {
    const length = contents.reduce((sum, content) => sum + content.length, 0);
    const head = [...varint(number * 8 + 2), ...varint(length)];
    const field = new Uint8Array(head.length + length);
    field.set(head);
    let at = head.length;
    for (const content of contents) {
      field.set(content, at);
      at += content.length;
    }
    return field;
  },
  text: (number, value) => write.bytes(number, encoder.encode(value)),
  number: (number, value) => Uint8Array.from([...varint(number * 8), ...varint(value)]),
};
