import { createServer, type Server } from 'node:http';
import { type Backend, infer } from 'millrace';
import { of } from 'rxjs';

/** A server that streams the answer to `?q=…`, and stops the model when the client leaves. */
export const makeServer = (model: Backend): Server =>
  createServer((request, response) => {
    const question = new URL(request.url ?? '/', 'http://localhost').searchParams.get('q') ?? '';
    const reading = of(question)
      .pipe(infer(model, { maxTokens: 200 }))
      .subscribe({
        next: (event) => event.type === 'token' && response.write(event.text),
        error: (error) => response.destroy(error),
        complete: () => response.end(),
      });
    response.on('close', () => reading.unsubscribe());
  });
