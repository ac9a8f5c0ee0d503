import {
  type Backend,
  BackendError,
  callTools,
  fallback,
  prefer,
  type Tool,
  text,
  tool,
  withFallback,
  withRetry,
} from 'millrace';
import { marbles, type ScriptedReply, scripted } from 'millrace/testing';
import { concat, of, retry, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { failure } from '../../support/failure.ts';
import { outcome } from '../../support/outcome.ts';

const call = (id: string, args: object = {}) =>
  ({ type: 'tool-call', call: { id, name: 'pay', arguments: args } }) as const;
const broken = (error = failure()) => throwError(() => error);

/** A tool that counts how often it runs. */
const paying = (idempotent?: boolean) => {
  const runs: unknown[] = [];
  const pay = tool({
    name: 'pay',
    parameters: { type: 'object' },
    ...(idempotent !== undefined && { idempotent }),
    execute: (args) => `paid ${runs.push(args)}`,
  });
  return { pay, runs };
};

/** A model with one reply after the other. */
const model = (id: string, ...replies: readonly ScriptedReply[]) =>
  scripted((_, index) => replies[index] ?? 'done', { id });

const answer = (backend: Parameters<typeof callTools>[0], tools: readonly Tool[]) =>
  of('?').pipe(callTools(backend, tools), text());

describe('a tool that has run', () => {
  it.each([true, false])('does not run again when a turn is retried (idempotent: %s)', (idempotent) => {
    const { pay, runs } = paying(idempotent);
    const backend = model('a', broken(), [call('1')], broken(), 'done');
    const patient = withRetry(backend, { minDelay: 1 });
    const answers: string[] = [];
    marbles(() => {
      answer(patient, [pay]).subscribe((text) => answers.push(text));
    })();
    expect(answers).toEqual(['done']);
    expect(runs).toHaveLength(1);
    expect(backend.requests).toHaveLength(4);
  });

  it.each([
    ['withFallback', (local: Backend, cloud: Backend) => withFallback(local, cloud)],
    ['prefer', (local: Backend, cloud: Backend) => prefer(local, cloud, 'local-first')],
  ])('does not run again when %s goes on with another model', (_, join) => {
    const { pay, runs } = paying(false);
    const first = model('a', [call('1')], concat(of('let me'), broken()));
    const second = model('b', 'it is paid');
    expect(outcome(answer(join(first, second), [pay])).values).toEqual(['it is paid']);
    expect(runs).toHaveLength(1);
    expect(second.requests[0]?.messages.at(-1)).toEqual({ role: 'tool', content: 'paid 1', toolCallId: '1' });
  });

  it('does not run before the turn that calls it is whole', () => {
    const { pay, runs } = paying(false);
    const first = model('a', concat(of(call('1')), broken()));
    const second = model('b', [call('2')], 'it is paid');
    expect(outcome(answer(withFallback(first, second), [pay])).values).toEqual(['it is paid']);
    expect(runs).toHaveLength(1);
  });
});

describe('a tool that must not run twice', () => {
  it.each([
    ['in a later turn', [[call('1')], [call('1', { to: 'B' })], 'done']],
    ['in the same turn', [[call('1'), call('1', { to: 'B' })], 'done']],
  ])('runs once for one call id, and the model reads why, %s', (_, replies) => {
    const { pay, runs } = paying(false);
    const backend = model('a', ...(replies as ScriptedReply[]));
    expect(outcome(answer(backend, [pay])).values).toEqual(['done']);
    expect(runs).toEqual([{}]);
    const told = backend.requests.at(-1)?.messages.filter(({ role }) => role === 'tool');
    expect(told?.map(({ content }) => content)).toEqual([
      'paid 1',
      'Expected a call of pay with an id of its own, received 1 again: it does not run twice',
    ]);
  });

  it('does not run for an id that was answered in the conversation before', () => {
    const { pay, runs } = paying(false);
    const before = [
      { role: 'user', content: 'Pay.' },
      { role: 'assistant', content: '', toolCalls: [{ id: '1', name: 'pay', arguments: {} }] },
      { role: 'tool', content: 'paid 1', toolCallId: '1' },
      { role: 'assistant', content: 'It is paid.' },
      { role: 'user', content: 'Again.' },
    ] as const;
    outcome(of(before).pipe(callTools(model('a', [call('1')], 'done'), [pay])));
    outcome(of(before).pipe(callTools(model('a', [call('2')], 'done'), [pay])));
    expect(runs).toHaveLength(1);
  });

  it('runs for each id where it may run twice, whatever the id', () => {
    const { pay, runs } = paying();
    expect(outcome(answer(model('a', [call('1')], [call('1')], 'done'), [pay])).values).toEqual(['done']);
    expect(runs).toHaveLength(2);
  });

  it('makes an error of the model one that nothing is to repeat', () => {
    const { pay, runs } = paying(false);
    const cause = failure({ status: 503 });
    const first = model('a', [call('1')], broken(cause));
    const second = model('b', [call('2')], 'done');
    const { values, error } = outcome(
      of('?').pipe(fallback(callTools(first, [pay]), callTools(second, [pay])), text()),
    );
    expect(values).toEqual([]);
    expect(error).toBeInstanceOf(BackendError);
    expect(error).toMatchObject({
      backend: 'scripted',
      retryable: false,
      status: 503,
      cause,
    });
    expect((error as Error).message).toContain('busy (the tool pay has run and must not run twice');
    expect([runs.length, second.requests.length]).toEqual([1, 0]);
  });

  it('leaves errors alone from before it has run, and where it may run twice', () => {
    const again = (tools: readonly Tool[], ...replies: readonly ScriptedReply[]) => {
      const loops = [model('a', ...replies), model('b', 'done')].map((backend) => callTools<string>(backend, tools));
      return outcome(of('?').pipe(fallback(loops[0] as never, loops[1] as never), text())).values;
    };
    expect(again([paying(false).pay], broken())).toEqual(['done']);
    expect(again([paying(true).pay], [call('1')], broken())).toEqual(['done']);
  });

  it('runs again in another conversation, as `retry()` around the loop makes one', () => {
    const { pay, runs } = paying(false);
    const backend = model('a', [call('1')], broken(), [call('1')], 'done');
    expect(outcome(answer(backend, [pay]).pipe(retry(1))).values).toEqual(['done']);
    expect(runs).toHaveLength(2);
  });
});
