import { concatMap, from, of, takeWhile } from 'rxjs';
import { bareSix } from '../bare-six.ts';
import type { CountedTokens } from './counted-tokens.ts';
import type { FlowSide } from './flow-side.ts';
import { toEvent } from './to-event.ts';

/** RxJS without ours, subscribed. A reader that takes its time is what `concatMap` waits for. */
export const openRxjs = (): FlowSide => ({
  readAll: (tokens) =>
    new Promise((resolve, reject) => {
      let read = 0;
      answer(tokens).subscribe({ next: () => read++, error: reject, complete: () => resolve(read) });
    }),
  readSome: (tokens, next) =>
    new Promise((resolve, reject) => {
      const reading = answer(tokens).pipe(
        concatMap(next),
        takeWhile((more) => more),
      );
      reading.subscribe({ error: reject, complete: resolve });
    }),
});

const answer = (tokens: CountedTokens) => of('question').pipe(bareSix(() => from(tokens.as(toEvent('bench')))));
