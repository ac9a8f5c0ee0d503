import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
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
  /** What happens then: the body ends, the connection breaks, or nothing does. Defaults to `end`. */
  readonly ending?: 'end' | 'break' | 'stall';
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
    this.#server.on('connection', () => this.connections++);
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

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const closed = new Promise<void>((resolve) => response.on('close', resolve));
    let text = '';
    for await (const data of incoming) text += data;
    const { url: path = '', headers } = incoming;
    const request: ChatRequest = { path, headers, body: JSON.parse(text || 'null'), sent: 0, closed };
    const reply = this.reply(request, this.requests.push(request) - 1);
    const { status = 200, gzip } = reply;
    response.writeHead(status, {
      'content-type': 'text/event-stream',
      ...(gzip && { 'content-encoding': 'gzip' }),
      ...reply.headers,
    });
    response.flushHeaders();
    if (gzip) await this.#compress(reply, response);
    else for await (const piece of pieces(reply)) if (!(await this.#send(piece, request, response))) return;
    if (reply.ending === 'stall') return;
    if (reply.ending === 'break' || gzip === 'cut') response.destroy();
    else response.end();
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

async function* pieces({ chunks = [], body, done = true }: ChatReply): AsyncGenerator<string | Uint8Array> {
  if (body !== undefined) return yield body;
  for await (const chunk of chunks) {
    const raw = typeof chunk === 'string' || chunk instanceof Uint8Array;
    yield raw ? chunk : `data: ${JSON.stringify(chunk)}\n\n`;
  }
  if (done) yield 'data: [DONE]\n\n';
}
