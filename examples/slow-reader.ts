import { fromGenerator, infer, step, toAsyncIterable } from 'millrace';
import {
  asyncScheduler,
  concat,
  concatMap,
  defer,
  distinctUntilChanged,
  endWith,
  filter,
  firstValueFrom,
  fromEvent,
  ignoreElements,
  interval,
  map,
  type Observable,
  of,
  pipe,
  race,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import type { Example } from './example.ts';

/** Milliseconds. */
const pace = { token: 80, rest: 1_000, look: 250 };

/** Takes a token every now and then, and rests in the middle. Emits with each token that it has read. */
const readSlowly = (tokens: Observable<unknown>): Observable<void> =>
  fromGenerator(async function* (signal) {
    let read = 0;
    for await (const _ of toAsyncIterable(tokens, { highWaterMark: 4 })) {
      yield;
      await firstValueFrom(race(timer(++read === 12 ? pace.rest : pace.token), fromEvent(signal, 'abort')));
    }
  });

/** Looks at a reader from time to time: how many tokens there are, and how many of them it has read. */
const watch = (tokens: Observable<unknown>): Observable<string> =>
  defer(() => {
    const start = asyncScheduler.now();
    let [made, read] = [0, 0];
    const look = () => {
      const seconds = ((asyncScheduler.now() - start) / 1000).toFixed(1);
      return `${seconds} s  ${'█'.repeat(read)}${'░'.repeat(made - read)}  ${read} read, ${made} made`;
    };
    const reading = readSlowly(tokens.pipe(tap(() => made++))).pipe(tap(() => read++));
    const looks = interval(pace.look).pipe(takeUntil(reading.pipe(ignoreElements(), endWith('read'))));
    return concat(looks, of('the end')).pipe(map(look), distinctUntilChanged());
  });

/** A model that is never more than a few tokens ahead of its reader, and rests when that does. */
export const slowReader: Example = {
  name: 'slow-reader',
  about: 'a reader who is slower than the model and rests halfway, and how many tokens are made meanwhile',
  roles: ['small'],
  input: 'reef.txt',
  workflow: ({ small }) => {
    const tokens = pipe(
      step(
        'write',
        infer(small, (text: string) => `${text}\n\nWrite a long story about this.`, { maxTokens: 32 }),
      ),
      filter(({ type }) => type === 'token'),
    );

    return concatMap((text) => watch(of(text).pipe(tokens)));
  },
};
