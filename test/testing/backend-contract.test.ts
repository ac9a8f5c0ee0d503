import type { Backend, InferenceEvent } from 'millrace';
import { backendContract, scripted } from 'millrace/testing';
import { concat, map, type Observable, of, switchMap, throwError, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';

const sound = scripted('one two three four');

/** A sound backend whose answers are bent. */
const bent = (bend: (answer: Observable<InferenceEvent>) => Observable<InferenceEvent>): Backend => ({
  id: 'scripted',
  infer: (request) => bend(sound.infer(request)),
});

const failing = () => scripted(throwError(() => new Error('plain')));

/** The titles of the clauses that a backend breaks. */
const broken = async (backend: Backend, titles: RegExp): Promise<readonly string[]> => {
  const clauses = backendContract({ backend: () => backend, failing }).filter(({ title }) => titles.test(title));
  const found = await Promise.all(
    clauses.map(({ title, check }) =>
      check().then(
        () => undefined,
        () => title,
      ),
    ),
  );
  return found.filter((title) => title !== undefined);
};

describe('backendContract', () => {
  it('finds nothing wrong with a sound backend', async () => {
    expect(await broken(sound, /^(?!fails with)/)).toEqual([]);
  });

  it.each<[string, Backend, string]>([
    ['finishes twice', bent((answer) => concat(answer, answer)), 'ends with exactly one finish, then completes'],
    [
      'goes on after its finish',
      bent((answer) => concat(answer, of({ type: 'token', text: 'x', request: 'r', attempt: 1 } as const))),
      'ends with exactly one finish, then completes',
    ],
    [
      'forgets whose answer it is',
      bent(map((event) => ({ ...event, request: 'other' }))),
      'marks every event with its request and its attempt',
    ],
    [
      'says other words than it remembers',
      bent(map((event) => (event.type === 'token' ? { ...event, text: 'x' } : event))),
      'streams tokens that concatenate to the final message',
    ],
    [
      'claims to be another',
      bent(
        map((event) => (event.type === 'finish' ? { ...event, served: { ...event.served, backend: 'other' } } : event)),
      ),
      'tells who answered, how much and how fast',
    ],
    [
      'counts no tokens',
      bent(map((event) => (event.type === 'finish' ? { ...event, usage: { input: 0, cached: 0, output: 0 } } : event))),
      'tells who answered, how much and how fast',
    ],
    [
      'gives the whole answer at the end',
      bent((answer) =>
        answer.pipe(
          toArray(),
          switchMap((events) => events.slice(-1)),
        ),
      ),
      'stops when the reader leaves',
    ],
  ])('finds a backend that %s', async (_, backend, title) => {
    expect(await broken(backend, /^(?!fails with)/)).toContain(title);
  });

  it('finds an error that is no BackendError', async () => {
    expect(await broken(sound, /^fails with/)).toEqual(['fails with a BackendError that knows whether to retry']);
  });

  it('finds a backend that begins before it is subscribed', async () => {
    let begun = 0;
    const eager: Backend = {
      id: 'scripted',
      infer: (request) => {
        begun++;
        return sound.infer(request);
      },
    };
    const [first] = backendContract({ backend: () => eager, failing, begun: () => begun });
    await expect(first?.check()).rejects.toThrow('Expected no request before subscription');
  });
});
