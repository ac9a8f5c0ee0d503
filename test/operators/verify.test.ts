import { inferText, type Rejection, type RunEvent, run, type Verdict, VerificationError, verify } from 'millrace';
import { marbles, scripted } from 'millrace/testing';
import { EMPTY, map, mergeMap, type Observable, of, pipe, Subject, tap, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { obeysOperatorLaws } from '../support/operator-laws.ts';
import { outcome } from '../support/outcome.ts';

const long = map((value: string): Verdict => {
  const accepted = value.length >= 3;
  return accepted ? { accepted } : { accepted, reason: `${value.length} is too short` };
});
const lengthen = map(({ value }: Rejection<string>) => `${value}+`);

describe('verify', () => {
  obeysOperatorLaws(
    () => verify(long, { repair: lengthen }),
    () => 'abc',
  );

  it(
    'lets accepted values pass, and has rejected ones repaired first',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  -x---------y---|');
      const x = cold('       --n|');
      const z = cold('            --y|');
      const y = cold('                 --y|');
      const repaired = cold('  --z|');
      const xSubs = '       -^-!';
      const zSubs = '       ------^-!';
      const ySubs = '       -----------^-!';
      const repairSubs = '  ---^--!';
      const expected = '    --------z----y-|';
      const verdicts = { x, y, z };
      const check = pipe(
        mergeMap((value: string) => verdicts[value as 'x' | 'y' | 'z']),
        map((verdict) => verdict === 'y'),
      );

      const results = source.pipe(verify(check, { repair: mergeMap(() => repaired) }));

      expectObservable(results).toBe(expected);
      expectSubscriptions(x.subscriptions).toBe(xSubs);
      expectSubscriptions(y.subscriptions).toBe(ySubs);
      expectSubscriptions(z.subscriptions).toBe(zSubs);
      expectSubscriptions(repaired.subscriptions).toBe(repairSubs);
    }),
  );

  it(
    'leaves the check when the reader leaves',
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot(' -x----');
      const verdict = cold('---n| ');
      const leave = '      ---!  ';
      const subs = '       -^-!  ';
      const results = source.pipe(verify(mergeMap(() => verdict.pipe(map(() => true)))));
      expectObservable(results, leave).toBe('-');
      expectSubscriptions(verdict.subscriptions).toBe(subs);
    }),
  );

  it('takes a model for its check and another for its repair', () => {
    const judge = scripted(({ messages }) => (messages[0]?.content === 'Better.' ? 'yes' : 'no'));
    const editor = scripted('Better.');
    const check = pipe(
      inferText<string>(judge),
      map((answer) => ({ accepted: answer === 'yes', reason: 'dull' })),
    );
    const repair = inferText(editor, ({ value, reason }: Rejection<string>) => `${value} is ${reason}`);
    expect(outcome(of('Draft.').pipe(verify(check, { repair })))).toEqual({ values: ['Better.'] });
    expect(editor.requests.map(({ messages }) => messages[0]?.content)).toEqual(['Draft. is dull']);
  });

  it('shows the repair the value, the reason and which attempt it was', () => {
    const seen: Rejection<string>[] = [];
    const noted = pipe(
      tap((rejection: Rejection<string>) => seen.push(rejection)),
      lengthen,
    );
    expect(outcome(of('a').pipe(verify(long, { repair: noted, attempts: 3 })))).toEqual({ values: ['a++'] });
    expect(seen).toEqual([
      { value: 'a', reason: '1 is too short', attempt: 1 },
      { value: 'a+', reason: '2 is too short', attempt: 2 },
    ]);
  });

  it.each([
    ['one attempt without a repair', undefined, undefined, ['1 is too short'], 'a'],
    ['two attempts with a repair', lengthen, undefined, ['1 is too short', '2 is too short'], 'a+'],
    ['one attempt where that is said', lengthen, 1, ['1 is too short'], 'a'],
    ['the same value again without a repair', undefined, 2, ['1 is too short', '1 is too short'], 'a'],
  ])('fails after %s, with the last value and every reason', (_, repair, attempts, reasons, value) => {
    const options = { ...(repair && { repair }), ...(attempts && { attempts }) };
    const { values, error } = outcome(of('a').pipe(verify(long, options)));
    expect(values).toEqual([]);
    expect(error).toBeInstanceOf(VerificationError);
    expect(error).toMatchObject({ code: 'verification', value, reasons, reason: reasons.at(-1), path: [] });
  });

  it('counts the attempts of each value by itself', () => {
    expect(outcome(of('ab', 'cd').pipe(verify(long, { repair: lengthen })))).toEqual({ values: ['ab+', 'cd+'] });
  });

  it.each([
    ['true', of(true), undefined],
    ['false', of(false), 'the check gave no reason'],
    ['a rejection without a reason', of({ accepted: false }), 'the check gave no reason'],
    ['an acceptance with a reason', of({ accepted: true, reason: 'fine' }), undefined],
    ['nothing', EMPTY, 'the check gave no verdict'],
    ['a rejection, then an acceptance', of(false, true), 'the check gave no reason'],
  ])('reads a verdict of %s', (_, verdict: Observable<Verdict | boolean>, reason) => {
    const { values, error } = outcome(of('x').pipe(verify(mergeMap(() => verdict))));
    expect(values).toEqual(reason === undefined ? ['x'] : []);
    expect((error as VerificationError | undefined)?.reason).toBe(reason);
  });

  it('checks the last value that a repair gives', () => {
    const drafts = mergeMap(() => of('b', 'long enough'));
    expect(outcome(of('a').pipe(verify(long, { repair: drafts })))).toEqual({ values: ['long enough'] });
  });

  it('fails where a repair gives nothing', () => {
    const { error } = outcome(of('a').pipe(verify(long, { repair: mergeMap(() => EMPTY), attempts: 9 })));
    expect(error).toMatchObject({ code: 'verification', value: 'a', reasons: ['1 is too short'] });
  });

  it('fails with the error of the check, and with that of the repair', () => {
    const broken = mergeMap(() => throwError(() => 'broken'));
    expect(outcome(of('a').pipe(verify(broken)))).toEqual({ values: [], error: 'broken' });
    expect(outcome(of('a').pipe(verify(long, { repair: broken })))).toEqual({ values: [], error: 'broken' });
  });

  it('tells a run of each rejection, wherever the verdict came from', () => {
    const verdicts = new Subject<boolean>();
    const events: RunEvent[] = [];
    const verified = run(
      verify(
        mergeMap((_: string) => verdicts),
        { repair: lengthen },
      ),
      'a',
    );
    verified.events.subscribe((event) => events.push(event));
    verified.subscribe();
    verdicts.next(false);
    verdicts.next(true);
    expect(events).toMatchObject([
      { type: 'start', kind: 'run' },
      { type: 'reject', kind: 'run', reason: 'the check gave no reason', attempt: 1 },
      { type: 'complete', kind: 'run' },
    ]);
  });

  it.each([
    [() => verify('a' as never), 'Expected `check` of verify to be a workflow, received "a"'],
    [() => verify(long, { repair: 'a' } as never), 'Expected `repair` to be a workflow, received "a"'],
    [() => verify(long, { attempts: 0 }), 'Expected `attempts` to be a whole number of at least 1, received 0'],
    [() => verify(long, { attempt: 1 } as never), 'received `attempt`'],
  ])('refuses misuse when it is made (%#)', (make, message) => {
    expect(make).toThrow(message);
  });
});
