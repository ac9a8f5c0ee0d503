import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { Backend, InferenceEvent, Message } from 'millrace';
import { Observable } from 'rxjs';

/** What a client asks, as far as this server reads it. */
type Question = { readonly messages: readonly Message[]; readonly max_tokens?: number };

/** A server that speaks chat completions for a model, on this machine alone. Gives its address; closes when that is left. */
export const chatServer = (model: Backend): Observable<string> =>
  new Observable((subscriber) => {
    const server = createServer((request, response) => {
      answer(model, request, response).catch((error) => response.destroy(error));
    });
    server.on('error', (error) => subscriber.error(error));
    server.listen(0, '127.0.0.1', () => {
      subscriber.next(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
    });
    return () => {
      server.close();
      server.closeAllConnections();
    };
  });

const answer = async (model: Backend, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { messages, max_tokens } = (await json(request)) as Question;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const say = (data: object) => response.write(`data: ${JSON.stringify(data)}\n\n`);
  const reading = model
    .infer({ id: `${request.socket.remotePort}`, messages, ...(max_tokens !== undefined && { maxTokens: max_tokens }) })
    .subscribe({
      next: (event) => {
        for (const chunk of chunksOf(event)) say({ object: 'chat.completion.chunk', model: model.id, ...chunk });
      },
      error: (error) => response.destroy(error),
      complete: () => response.end('data: [DONE]\n\n'),
    });
  await once(response, 'close');
  reading.unsubscribe();
};

/** An event as chat completions tell it. */
const chunksOf = (event: InferenceEvent): readonly object[] => {
  if (event.type === 'token') return [{ choices: [{ index: 0, delta: { content: event.text } }] }];
  if (event.type !== 'finish') return [];
  const { input, output } = event.usage;
  return [
    { choices: [{ index: 0, delta: {}, finish_reason: event.reason }] },
    { choices: [], usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output } },
  ];
};
