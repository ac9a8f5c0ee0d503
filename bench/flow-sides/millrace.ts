import { fromGenerator, hold, type InferenceEvent, type ReaderOptions, toAsyncIterable } from 'millrace';
import { Observable, of } from 'rxjs';
import { ourSix } from '../our-six.ts';
import type { CountedTokens } from './counted-tokens.ts';
import type { FlowSide } from './flow-side.ts';
import { forAwait } from './for-await.ts';
import { toEvent } from './to-event.ts';

/** Makes a stream of a model's events. */
type Produce = typeof fromGenerator<InferenceEvent>;

/** Ours, read with `for await`. */
export const openMillraceLoop = (options?: ReaderOptions): FlowSide =>
  forAwait((tokens) => toAsyncIterable(answer(tokens, fromGenerator), options));

/** Ours, subscribed. A reader that takes its time holds. */
export const openMillrace = (): FlowSide => subscribed(fromGenerator);

/** The same with a model that no reader can hold. */
export const openMillraceWithoutFlowControl = (): FlowSide => subscribed(withoutFlowControl);

const subscribed = (produce: Produce): FlowSide => ({
  readAll: (tokens) =>
    new Promise((resolve, reject) => {
      let read = 0;
      answer(tokens, produce).subscribe({ next: () => read++, error: reject, complete: () => resolve(read) });
    }),
  readSome: (tokens, next) =>
    new Promise((resolve, reject) => {
      const reading = answer(tokens, produce).subscribe({
        next: () => {
          const release = hold();
          next().then((more) => {
            if (more) return release();
            reading.unsubscribe();
            resolve();
          }, reject);
        },
        error: reject,
        complete: resolve,
      });
    }),
});

/** As `fromGenerator`, but for what lets a reader hold. */
const withoutFlowControl: Produce = (generate) =>
  new Observable((subscriber) => {
    const leaving = new AbortController();
    const values = generate(leaving.signal)[Symbol.asyncIterator]();
    const ask = () => {
      if (!subscriber.closed) values.next().then(take, fail);
    };
    const take = ({ done, value }: IteratorResult<InferenceEvent>) => {
      if (done) return subscriber.complete();
      subscriber.next(value);
      ask();
    };
    const fail = (cause: unknown) => subscriber.error(cause);
    subscriber.add(() => leaving.abort());
    ask();
  });

const answer = (tokens: CountedTokens, produce: Produce): Observable<unknown> => {
  const backend = {
    id: 'bench',
    infer: ({ id: request }: { readonly id: string }) =>
      produce(() => tokens.as(toEvent(request), [], [finish(request)])),
  };
  return of('question').pipe(ourSix(backend));
};

const finish = (request: string): InferenceEvent => ({
  type: 'finish',
  request,
  attempt: 1,
  reason: 'stop',
  messages: [{ role: 'assistant', content: '' }],
  usage: { input: 0, cached: 0, output: 0 },
  timing: { queue: 0, load: 0, firstToken: 0, total: 0 },
  served: { backend: 'bench', model: 'bench', location: 'device' },
  constraint: 'none',
});
