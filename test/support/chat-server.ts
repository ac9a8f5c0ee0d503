import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** What came in, and how far it was answered. */
export type ChatRequest = {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a client sends
  readonly body: any;
  /** Chunks that were taken off this side. */
  sent: number;
  /** Resolves once the client is gone or the answer is. */
  readonly closed: Promise<void>;
};

type Ending = 'end' | 'break' | 'reset' | 'stall';

/** How a server answers. */
export type ChatReply = {
  /** Defaults to 200. */
  readonly status?: number;
  /** Defaults to those of a stream of events. */
  readonly headers?: { readonly [name: string]: string };
  /** Each object is sent as one event, text and bytes as they are; an async source sets the pace, and so does the client. */
  readonly chunks?: Iterable<object | string> | AsyncIterable<object | string>;
  /** Sent instead of chunks. */
  readonly body?: string;
  /** Whether `[DONE]` follows the chunks. Defaults to `true`. */
  readonly done?: boolean;
  /** What happens then: the body ends, the connection breaks or is reset, or nothing does. Defaults to `end`. */
  readonly ending?: Ending;
  /** Whether there is not even a head: there is an `ending` at once. Defaults to `false`. */
  readonly mute?: boolean;
  /** Sends all at once, compressed; `cut` sends half of that. */
  readonly gzip?: 'whole' | 'cut';
};

type Answerer = (request: ChatRequest, index: number) => ChatReply;

/** A server on this machine that answers chat completions, as well or badly as its replies say. */
export class ChatServer {
  readonly requests: ChatRequest[] = [];
  /** Connections that were opened so far. */
  connections = 0;
  reply: Answerer;
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  /** @param reply The answer to every request, or a function of the request and its index, from 0. */
  static async open(reply: ChatReply | Answerer): Promise<ChatServer> {
    const server = new ChatServer(typeof reply === 'function' ? reply : () => reply);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  private constructor(reply: Answerer) {
    this.reply = reply;
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.on('connection', (socket) => {
      this.connections++;
      this.#open.add(socket);
      socket.on('close', () => this.#open.delete(socket));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  get last(): ChatRequest {
    const last = this.requests.at(-1);
    if (!last) throw new Error('Expected a request, received none');
    return last;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((closed) => this.#server.close(() => closed()));
  }

  /** Connections that are open. */
  get open(): number {
    return this.#open.size;
  }

  /** Closes the connections on which nothing is being asked, and those on which nothing ever was. */
  closeIdle(): void {
    this.#server.closeIdleConnections();
    for (const socket of this.#open) if (socket.bytesRead === 0) socket.destroy();
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const closed = new Promise<void>((resolve) => response.on('close', resolve));
    const text = await textOf(incoming);
    // The client has left before it had asked.
    if (text === undefined) return;
    const { url: path = '', headers } = incoming;
    const request: ChatRequest = { path, headers, body: JSON.parse(text || 'null'), sent: 0, closed };
    const reply = this.reply(request, this.requests.push(request) - 1);
    const { status = 200, gzip } = reply;
    if (reply.mute) return this.#end(reply.ending, response);
    response.writeHead(status, {
      'content-type': 'text/event-stream',
      ...(gzip && { 'content-encoding': 'gzip' }),
      ...reply.headers,
    });
    response.flushHeaders();
    if (gzip) await this.#compress(reply, response);
    else for await (const piece of pieces(reply)) if (!(await this.#send(piece, request, response))) return;
    this.#end(gzip === 'cut' ? 'break' : reply.ending, response);
  }

  #end(ending: Ending | undefined, response: ServerResponse): void {
    if (ending === 'reset') response.socket?.resetAndDestroy();
    else if (ending === 'break') response.destroy();
    else if (ending !== 'stall') response.end();
  }

  /** Waits until the client takes more; gives whether it is still there. */
  async #send(piece: string | Uint8Array, request: ChatRequest, response: ServerResponse): Promise<boolean> {
    if (response.destroyed) return false;
    request.sent++;
    if (!response.write(piece)) await Promise.race([once(response, 'drain'), request.closed]);
    return !response.destroyed;
  }

  async #compress(reply: ChatReply, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const piece of pieces(reply)) parts.push(Buffer.from(piece));
    const bytes = gzipSync(Buffer.concat(parts));
    const sent = reply.gzip === 'cut' ? bytes.subarray(0, bytes.length / 2) : bytes;
    await new Promise((written) => response.write(sent, written));
  }
}

const textOf = async (incoming: IncomingMessage): Promise<string | undefined> => {
  let text = '';
  try {
    for await (const data of incoming) text += data;
  } catch {
    return undefined;
  }
  return text;
};

async function* pieces({ chunks = [], body, done = true }: ChatReply): AsyncGenerator<string | Uint8Array> {
  if (body !== undefined) return yield body;
  for await (const chunk of chunks) {
    const raw = typeof chunk === 'string' || chunk instanceof Uint8Array;
    yield raw ? chunk : `data: ${JSON.stringify(chunk)}\n\n`;
  }
  if (done) yield 'data: [DONE]\n\n';
}
