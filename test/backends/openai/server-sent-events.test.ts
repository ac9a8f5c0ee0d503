import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../../src/backends/openai/line-splitter.ts';
import { serverSentEvents } from '../../../src/backends/openai/server-sent-events.ts';

const eventsOf = async (...pieces: readonly (string | Uint8Array)[]) => {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece);
      controller.close();
    },
  });
  const events: object[] = [];
  for await (const event of serverSentEvents(body)) events.push(event);
  return events;
};

describe('serverSentEvents', () => {
  it.each<[string, readonly object[]]>([
    [
      'data: a\n\ndata: b\n\n',
      [
        { event: '', data: 'a' },
        { event: '', data: 'b' },
      ],
    ],
    ['event: error\ndata: a\ndata: b\n\n', [{ event: 'error', data: 'a\nb' }]],
    [
      '\uFEFFdata:a\r\rdata:  b\r\r',
      [
        { event: '', data: 'a' },
        { event: '', data: ' b' },
      ],
    ],
    [': comment\n\ndata\n\nevent: x\n\nid: 1\nretry: 5\ndata: a\n\n', [{ event: '', data: 'a' }]],
    [
      'data: a\n\ndata: b',
      [
        { event: '', data: 'a' },
        { event: '', data: 'b' },
      ],
    ],
    ['', []],
  ])('reads %j', async (text, expected) => {
    expect(await eventsOf(text)).toEqual(expected);
    expect(await eventsOf(...text)).toEqual(expected);
  });

  it('reads characters that come in parts', async () => {
    const bytes = new TextEncoder().encode('data: für 3 € 🦀\n\n');
    expect(await eventsOf(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual([
      { event: '', data: 'für 3 € 🦀' },
    ]);
  });
});

describe('LineSplitter', () => {
  it('finds the same lines however the text comes', () => {
    const text = 'a\r\nb\n\nc\r\rd\n\re\r\n\r\nf\r';
    for (let one = 0; one <= text.length; one++) {
      for (let two = one; two <= text.length; two++) {
        const splitter = new LineSplitter();
        const pieces = [text.slice(0, one), text.slice(one, two), text.slice(two)];
        const lines = [...pieces.flatMap((piece) => splitter.push(piece)), splitter.end()];
        expect(lines, JSON.stringify(pieces)).toEqual(['a', 'b', '', 'c', '', 'd', '', 'e', '', 'f']);
      }
    }
  });

  it('takes long lines in linear time', () => {
    const splitter = new LineSplitter();
    for (let count = 0; count < 200_000; count++) splitter.push('x'.repeat(100));
    expect(splitter.push('\n')).toHaveLength(1);
  });
});
