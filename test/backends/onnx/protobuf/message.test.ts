import { describe, expect, it } from 'vitest';
import { Message } from '../../../../src/backends/onnx/protobuf/message.ts';
import { replaceFields } from '../../../../src/backends/onnx/protobuf/replace-fields.ts';
import { write } from '../../../../src/backends/onnx/protobuf/write.ts';

const join = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

describe('a protobuf message', () => {
  const inner = join(write.text(1, 'größe'), write.number(3, 2 ** 40 + 5));
  const message = new Message(
    join(write.text(1, 'one'), write.bytes(2, inner), write.text(1, 'two'), write.number(4, 300), write.number(4, 7)),
  );

  it('is read as it was written', () => {
    expect(message.texts(1)).toEqual(['one', 'two']);
    expect(message.text(1)).toBe('two');
    expect(message.number(4)).toBe(7);
    expect(message.numbers(4)).toEqual([300, 7]);
    expect(message.messages(2).map((part) => [part.text(1), part.number(3)])).toEqual([['größe', 2 ** 40 + 5]]);
  });

  it('has nothing, or 0, where a field is absent', () => {
    expect([message.text(9), message.number(9), message.texts(9), message.numbers(9)]).toEqual(['', 0, [], []]);
  });

  it('has numbers also where they are packed into one field', () => {
    expect(new Message(write.bytes(1, Uint8Array.of(0xac, 0x02, 7))).numbers(1)).toEqual([300, 7]);
  });

  it('is refused where it ends too early', () => {
    expect(() => new Message(Uint8Array.of(0x08, 0x80))).toThrow('it ends in the middle of a number');
  });

  it('keeps every other field where some are replaced or left out', () => {
    const parts = replaceFields(join(write.text(1, 'a'), write.number(5, 1), write.text(1, 'b'), write.text(2, 'c')), {
      1: (content, index) => (index === 0 ? new Uint8Array() : write.text(1, `${new TextDecoder().decode(content)}!`)),
      2: () => undefined,
    });
    expect(join(...parts)).toEqual(join(write.number(5, 1), write.text(1, 'b!'), write.text(2, 'c')));
  });
});
