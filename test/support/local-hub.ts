import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What came in. */
export type HubRequest = {
  /** The file's path in its model, such as `onnx/model.onnx`. */
  readonly path: string;
  readonly model: string;
  readonly revision: string;
  /** The first byte that is asked for. */
  readonly from: number;
  /** Whether only the first byte is asked for, to see what there is. */
  readonly looks: boolean;
  readonly headers: IncomingMessage['headers'];
};

/** How a hub answers otherwise than well. */
export type Mischief = {
  readonly status?: number;
  /** Breaks the connection after so many bytes. */
  readonly cut?: number;
  /** Goes silent after so many bytes, and tells; also when the client is gone. */
  readonly stall?: { readonly after: number; readonly silent?: () => void; readonly gone?: () => void };
  /** Sends this instead, without telling its length. */
  readonly send?: Buffer;
  /** Says that the file is so long. */
  readonly length?: number;
  /** Takes no notice of ranges. */
  readonly whole?: boolean;
  /** Tells no name of the version. */
  readonly unnamed?: boolean;
};

/** A server on this machine that hands out the files of models as the Hugging Face Hub does. */
export class LocalHub {
  readonly requests: HubRequest[] = [];
  files: { [path: string]: Buffer };
  /** Asked before every answer. */
  mischief: (request: HubRequest) => Mischief | undefined = () => undefined;
  readonly #server: Server;

  static async open(files: { [path: string]: Buffer }): Promise<LocalHub> {
    const hub = new LocalHub(files);
    await new Promise<void>((ready) => hub.#server.listen(0, '127.0.0.1', ready));
    return hub;
  }

  private constructor(files: { [path: string]: Buffer }) {
    this.files = files;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** The requests for what is in files, without those that only look. */
  get fetched(): readonly string[] {
    return this.requests
      .filter(({ looks }) => !looks)
      .map(({ path, from }) => (from === 0 ? path : `${path} @${from}`));
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((closed) => this.#server.close(() => closed()));
  }

  #answer({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const [, model = '', revision = '', path = ''] = /^\/(.+?)\/resolve\/([^/]+)\/(.+)$/.exec(url) ?? [];
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
    const request = {
      path,
      model,
      revision: decodeURIComponent(revision),
      from: Number(from ?? 0),
      looks: to === '0',
      headers,
    };
    this.requests.push(request);
    const mischief = this.mischief(request) ?? {};
    const file = this.files[path];
    if (mischief.status || !file) response.writeHead(mischief.status ?? 404).end();
    else this.#send(file, request, mischief, response);
  }

  #send(file: Buffer, request: HubRequest, mischief: Mischief, response: ServerResponse): void {
    const etag = `"${createHash('sha1').update(file).digest('hex')}"`;
    const { range, 'if-range': condition } = request.headers;
    const named = mischief.unnamed ? {} : { etag };
    const partly = range && !mischief.whole && (condition ?? etag) === etag;
    if (mischief.send) return void response.writeHead(200, named).end(mischief.send);
    if (partly && request.from >= file.length) {
      return void response.writeHead(416, { ...named, 'content-range': `bytes */${file.length}` }).end();
    }
    const from = partly ? request.from : 0;
    const body = file.subarray(from, partly && request.looks ? from + 1 : file.length);
    const span = { 'content-range': `bytes ${from}-${from + body.length - 1}/${mischief.length ?? file.length}` };
    response.writeHead(partly ? 206 : 200, { ...named, 'content-length': body.length, ...(partly && span) });
    const { cut, stall } = mischief;
    if (cut !== undefined) response.write(body.subarray(0, cut), () => response.destroy());
    else if (stall) {
      response.on('close', () => stall.gone?.());
      response.write(body.subarray(0, stall.after), () => stall.silent?.());
    } else response.end(body);
  }
}
