import { admit, type Backend, infer, toResponse } from 'millrace';
import { of } from 'rxjs';

/** Answers `?q=…` of a request with server-sent events, wherever a `Request` is answered with a `Response`. */
export const makeHandler = (model: Backend, idleTimeout = 30_000): ((request: Request) => Response) => {
  const answers = admit(infer<string>(model), { concurrency: 4, capacity: 20, overflow: 'error' });
  return (request) => {
    const question = new URL(request.url).searchParams.get('q') ?? '';
    return toResponse(of(question).pipe(answers), { signal: request.signal, idleTimeout });
  };
};
