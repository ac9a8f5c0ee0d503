/** One event as an `EventSource` hands it to its listeners. */
export type SentEvent = { readonly type: string; readonly data: string };

/** Reads server-sent events as the standard says, without code of ours. */
export async function* sentEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<SentEvent> {
  const decoder = new TextDecoder();
  let [text, type, data] = ['', '', ''];
  for await (const chunk of bytes) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      const [, field, value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
      if (line === '' && data !== '') yield { type: type || 'message', data: data.slice(0, -1) };
      if (line === '') [type, data] = ['', ''];
      if (field === 'event') type = value;
      if (field === 'data') data += `${value}\n`;
    }
  }
}

/** All of them, with their data read as JSON. */
export const allSent = async (bytes: AsyncIterable<Uint8Array>): Promise<readonly (readonly [string, unknown])[]> => {
  const all: (readonly [string, unknown])[] = [];
  for await (const { type, data } of sentEvents(bytes)) all.push([type, JSON.parse(data)]);
  return all;
};
