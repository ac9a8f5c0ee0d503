import { type AdmitState, infer, inferText, mergeFanOut, type RunEvent, run, withBulkhead } from 'millrace';
import { backendContract, marbles, scripted } from 'millrace/testing';
import { catchError, filter, mergeMap, of, range, Subject, throwError, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { turn } from '../support/counted.ts';
import { failure } from '../support/failure.ts';
import { letters } from '../support/letters.ts';
import { obeysOperatorLaws } from '../support/operator-laws.ts';
import { outcome } from '../support/outcome.ts';

/** A backend each of whose answers is written by hand. */
const byHand = () => {
  const answers: Subject<string>[] = [];
  const model = scripted((_, index) => (answers[index] = new Subject()));
  return { model, answers };
};

const ask = (backend: ReturnType<typeof withBulkhead>, question: string, priority = 0) =>
  of(question).pipe(infer(backend, { priority }));

describe('withBulkhead', () => {
  obeysOperatorLaws(
    () => infer(withBulkhead(scripted('one two'), { concurrency: 1 })),
    (n) => `question ${n}`,
  );

  const contract = backendContract({
    backend: () => withBulkhead(scripted('one two three'), { concurrency: 1 }),
    failing: () => withBulkhead(scripted(throwError(() => failure())), { concurrency: 1 }),
  });
  for (const { title, check } of contract) it(title, check);

  it(
    'lets so many requests run at once, and the others wait',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  -xy------|');
      const x = cold('       -a-|');
      const y = cold('          -b-|');
      const expected = '    --a-fb-f-|';
      const model = scripted(({ messages }) => (messages[0]?.content === 'x' ? x : y));
      const crowded = withBulkhead(model, { concurrency: 1 });

      expectObservable(source.pipe(infer(crowded, { concurrency: 2 }), letters)).toBe(expected);
      expectSubscriptions(x.subscriptions).toBe('-^--!');
      expectSubscriptions(y.subscriptions).toBe('----^--!');
    }),
  );

  it('refuses a request that finds the queue full', () => {
    const { model } = byHand();
    const crowded = withBulkhead(model, { concurrency: 1, capacity: 1 });
    ask(crowded, 'runs').subscribe();
    ask(crowded, 'waits').subscribe();
    expect(outcome(ask(crowded, 'comes too late')).error).toMatchObject({
      name: 'BackendError',
      backend: 'scripted',
      retryable: true,
      message: 'Expected room for one more request to scripted, found 1 that wait of at most 1: try again later',
    });
    expect(model.requests).toHaveLength(1);
  });

  it('takes those who wait by their priority, and in order within one', async () => {
    const { model, answers } = byHand();
    const crowded = withBulkhead(model, { concurrency: 1 });
    for (const [question, priority] of [
      ['a', 0],
      ['b', 0],
      ['c', 5],
      ['d', 0],
      ['e', 5],
    ] as const) {
      ask(crowded, question, priority).subscribe();
    }
    for (let index = 0; index < 5; index++) {
      answers[index]?.complete();
      await turn();
    }
    expect(model.requests.map(({ messages }) => messages[0]?.content)).toEqual(['a', 'c', 'e', 'b', 'd']);
  });

  it('makes room when the reader of a request that waits or runs leaves, or it fails', async () => {
    const { model, answers } = byHand();
    const crowded = withBulkhead(model, { concurrency: 1, capacity: 1 });
    const states: AdmitState[] = [];
    crowded.state.subscribe((state) => states.push(state));
    const runs = ask(crowded, 'runs').subscribe();
    ask(crowded, 'leaves').subscribe().unsubscribe();
    ask(crowded, 'waits').subscribe({ error: () => {} });
    runs.unsubscribe();
    await turn();
    answers[1]?.error(failure());
    expect(model.requests.map(({ messages }) => messages[0]?.content)).toEqual(['runs', 'waits']);
    expect(states.map(({ running, waiting }) => `${running}+${waiting}`)).toEqual([
      '0+0',
      '1+0',
      '1+1',
      '1+0',
      '1+1',
      '0+1',
      '1+0',
      '0+0',
    ]);
  });

  it('asks nothing for who leaves at the word that it is their turn', async () => {
    const first = new Subject<string>();
    const model = scripted((_, index) => (index === 0 ? first : 'yes'));
    const crowded = withBulkhead(model, { concurrency: 1 });
    of('?').pipe(infer(crowded)).subscribe();
    const second = of('?').pipe(infer(crowded)).subscribe();
    crowded.state.pipe(filter(({ waiting }) => waiting === 0)).subscribe(() => second.unsubscribe());
    first.complete();
    await turn();
    expect(second.closed).toBe(true);
    expect(model.requests).toHaveLength(1);
  });

  it('takes a long queue of requests that fail at once', async () => {
    const first = new Subject<string>();
    const model = scripted((_, index) => (index === 0 ? first : throwError(() => failure())));
    const crowded = withBulkhead(model, { concurrency: 1 });
    const one = mergeMap((n: number) =>
      of(`${n}`).pipe(
        inferText(crowded),
        catchError(() => of('failed')),
      ),
    );
    const answers: string[] = [];
    range(20_000)
      .pipe(one, toArray())
      .subscribe((all) => answers.push(...all));
    first.next('yes');
    first.complete();
    await turn();
    expect(answers).toHaveLength(20_000);
  });

  it('asks for none of those who leave together, however few run at once', async () => {
    const { model } = byHand();
    const crowded = withBulkhead(model, { concurrency: 1 });
    const branches = { a: infer<string>(crowded), b: infer<string>(crowded), c: infer<string>(crowded) };
    const reading = of('?').pipe(mergeFanOut(branches)).subscribe();
    reading.unsubscribe();
    await turn();
    expect(model.requests).toHaveLength(1);
  });

  it(
    'counts the wait to the time of the answer',
    marbles(({ cold }) => {
      const crowded = withBulkhead(
        scripted(() => cold('-a-|')),
        { concurrency: 1 },
      );
      ask(crowded, 'first').subscribe();
      const timings: unknown[] = [];
      ask(crowded, 'second').subscribe((event) => {
        if (event.type === 'finish') expect(timings.push(event.timing)).toBe(1);
        if (event.type === 'finish') expect(event.timing).toEqual({ queue: 3, load: 0, firstToken: 4, total: 6 });
      });
    }),
  );

  it('shows a run that a request waits, and keeps its step', async () => {
    const { model, answers } = byHand();
    const crowded = withBulkhead(model, { concurrency: 1 });
    ask(crowded, 'first').subscribe();
    const events: RunEvent[] = [];
    const second = run(infer<string>(crowded), '?');
    second.events.subscribe((event) => events.push(event));
    second.subscribe();
    answers[0]?.complete();
    await turn();
    answers[1]?.next('yes');
    answers[1]?.complete();
    expect(events.filter(({ kind, type }) => kind === 'model' && type !== 'start')).toMatchObject([
      { type: 'admit', stage: 'waiting' },
      { type: 'admit', stage: 'admitted' },
      { type: 'token', text: 'yes' },
      { type: 'finish' },
      { type: 'complete' },
    ]);
  });

  it.each([
    [
      () => withBulkhead(1 as never, { concurrency: 1 }),
      'Expected the backend of withBulkhead to be an object with an',
    ],
    [
      () => withBulkhead(scripted(''), {} as never),
      'Expected `concurrency` to be a whole number of at least 1, received undefined',
    ],
    [() => withBulkhead(scripted(''), { concurrency: 0 }), 'Expected `concurrency` to be a whole number of at least 1'],
    [
      () => withBulkhead(scripted(''), { concurrency: 1, capacity: -1 }),
      'Expected `capacity` to be a whole number of at least 0, received -1',
    ],
    [() => withBulkhead(scripted(''), { concurrency: 1, size: 1 } as never), 'received `size`'],
  ])('refuses misuse when it is made (%#)', (make, message) => {
    expect(make).toThrow(message);
  });
});
