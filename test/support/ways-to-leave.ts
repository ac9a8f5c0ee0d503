import { run, toAsyncIterable, toReadable, toResponse } from 'millrace';
import { ignoreElements, merge, type OperatorFunction, of, Subject, take, takeUntil } from 'rxjs';

/** Begins to read, and gives what makes the reader leave. */
type Way = (workflow: OperatorFunction<string, unknown>) => () => unknown;

const ask = (workflow: OperatorFunction<string, unknown>) => of('question').pipe(workflow);

/** Every way in which a reader can leave. */
export const waysToLeave = {
  unsubscribe: (workflow) => {
    const reading = ask(workflow).subscribe();
    return () => reading.unsubscribe();
  },
  take: (workflow) => {
    const enough = new Subject<void>();
    merge(ask(workflow).pipe(ignoreElements()), enough).pipe(take(1)).subscribe();
    return () => enough.next();
  },
  takeUntil: (workflow) => {
    const enough = new Subject<void>();
    ask(workflow).pipe(takeUntil(enough)).subscribe();
    return () => enough.next();
  },
  'a signal of run': (workflow) => {
    const leaving = new AbortController();
    run(workflow, 'question', { signal: leaving.signal }).subscribe({ error: () => {} });
    return () => leaving.abort();
  },
  'unsubscribing from a watched run': (workflow) => {
    const watched = run(workflow, 'question');
    watched.events.subscribe();
    const reading = watched.subscribe();
    return () => reading.unsubscribe();
  },
  'break out of for await': (workflow) => {
    const enough = new Subject<string>();
    const loop = (async () => {
      for await (const _ of toAsyncIterable(merge(ask(workflow).pipe(ignoreElements()), enough))) break;
    })();
    return () => {
      enough.next('enough');
      return loop;
    };
  },
  'closing a ReadableStream': (workflow) => {
    const reader = toReadable(ask(workflow).pipe(ignoreElements())).getReader();
    reader.read();
    return () => reader.cancel();
  },
  'the disconnect of a client': (workflow) => {
    const reader = toResponse(ask(workflow).pipe(ignoreElements())).body?.getReader();
    reader?.read();
    return () => reader?.cancel();
  },
  'the signal of a request': (workflow) => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const reader = toResponse(ask(workflow).pipe(ignoreElements()), { signal }).body?.getReader();
    reader?.read().catch(() => {});
    return () => leaving.abort();
  },
} satisfies { readonly [name: string]: Way };
