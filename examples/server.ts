import { createServer, type Server } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Backend, infer, toSse } from 'millrace';
import { of } from 'rxjs';

/** A server that streams the answer to `?q=…` as server-sent events, at the pace of its clients. */
export const makeServer = (model: Backend, idleTimeout = 30_000): Server =>
  createServer(async (request, response) => {
    const question = new URL(request.url ?? '/', 'http://localhost').searchParams.get('q') ?? '';
    const answer = of(question).pipe(infer(model, { maxTokens: 200 }));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    // Fails when the client leaves or never reads again: the model has stopped by then.
    await pipeline(Readable.fromWeb(toSse(answer, { idleTimeout })), response).catch(() => undefined);
  });
