import { type Backend, BackendError, infer, step, text, withFallback } from 'millrace';
import { openai } from 'millrace/openai';
import { concatMap, mergeMap, of, pipe, take, throwError } from 'rxjs';
import { chatServer } from './chat-server.ts';
import type { Example } from './example.ts';

/** A model that breaks down once it has written so many tokens. */
const breaking = (model: Backend, tokens: number): Backend => ({
  id: model.id,
  infer: (request) => {
    const gone = new BackendError('the machine went to sleep', { backend: model.id, retryable: true });
    return model
      .infer(request)
      .pipe(concatMap((event, index) => (index < tokens ? of(event) : throwError(() => gone))));
  },
});

/** A local model that fails in the middle of its answer, and a server that takes over: the reader has one whole answer. */
export const cloudFallback: Example = {
  name: 'cloud-fallback',
  about: 'a summary that one model breaks off, and that a server writes in its place',
  roles: ['small', 'large'],
  input: 'reef.txt',
  workflow: ({ small, large }) =>
    concatMap((article) =>
      chatServer(large).pipe(
        mergeMap((baseURL) => {
          const cloud = openai({ model: large.id, id: 'cloud', baseURL, apiKey: 'none' });
          const model = withFallback(breaking(small, 12), cloud);
          const prompt = `Summarise in two sentences:\n${article}`;
          return of(prompt).pipe(step('summarise', pipe(infer(model, { maxTokens: 90 }), text())));
        }),
        take(1),
      ),
    ),
};
