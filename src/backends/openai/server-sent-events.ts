import { LineSplitter } from './line-splitter.ts';

/** One event of a stream of them. */
export type ServerSentEvent = { readonly event: string; readonly data: string };

/** Reads a body of server-sent events, no further than it is asked for. The last event counts without the empty line after it too. */
export async function* serverSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent, void> {
  const decoder = new TextDecoder();
  const splitter = new LineSplitter();
  const reader = body.getReader();
  const open = new OpenEvent();
  for (;;) {
    const { done, value } = await reader.read();
    const lines = done ? [splitter.end(), ''] : splitter.push(decoder.decode(value, { stream: true }));
    for (const line of lines) {
      const whole = open.take(line);
      if (whole) yield whole;
    }
    if (done) return;
  }
}

/** An event whose lines are coming in. */
class OpenEvent {
  #event = '';
  #data: string[] = [];

  /** The event that an empty line ends. */
  take(line: string): ServerSentEvent | undefined {
    if (line !== '') return this.#read(line);
    const whole = { event: this.#event, data: this.#data.join('\n') };
    this.#event = '';
    this.#data = [];
    return whole.data === '' ? undefined : whole;
  }

  #read(line: string): undefined {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (field === 'data') this.#data.push(value);
    if (field === 'event') this.#event = value;
  }
}
