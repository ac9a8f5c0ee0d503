import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type Backend,
  type BackendError,
  type BackendFacts,
  callTools,
  hold,
  infer,
  inferText,
  type Preference,
  type PreferOptions,
  prefer,
  type RunEvent,
  run,
  text,
  tool,
  withBulkhead,
  withCircuitBreaker,
  withRetry,
} from 'millrace';
import { backendContract, marbles, type ScriptedReply, scripted } from 'millrace/testing';
import { concat, filter, map, NEVER, of, throwError, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { failure } from '../support/failure.ts';
import { letters } from '../support/letters.ts';
import { obeysOperatorLaws } from '../support/operator-laws.ts';
import { outcome } from '../support/outcome.ts';

type Reply = Parameters<typeof scripted>[0];

const here = (reply: Reply = 'here', facts?: BackendFacts) => ({
  ...scripted(reply, { id: 'local' }),
  ...(facts && { facts: () => of(facts) }),
});
const there = (reply: Reply = 'there') => scripted(reply, { id: 'cloud', location: 'cloud' });
const broken = (error: unknown = failure()): ScriptedReply => throwError(() => error);

/** The answer to one question, or the error. */
const ask = (backend: Backend, question = '?'): unknown => {
  const { values, error } = outcome(of(question).pipe(inferText(backend)));
  return error ?? values[0];
};

const request = { messages: [{ role: 'user', content: 'How are you today?' }] } as const;

/** Whom a request would be asked, in order, and behind a minus who is passed over. */
const plan = async (backend: ReturnType<typeof prefer>, asked: Parameters<typeof backend.explain>[0] = request) =>
  (await backend.explain(asked)).map(({ backend, passedOver }) => (passedOver ? `-${backend}` : backend)).join(' ');

const reasons = async (backend: ReturnType<typeof prefer>, id: string) =>
  (await backend.explain(request)).find(({ backend }) => backend === id)?.reasons.join('; ');

const collectGarbage = (): void => {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
};

describe('prefer', () => {
  obeysOperatorLaws(
    () => infer(prefer(here('one two'), there(), 'local-first')),
    (n) => `question ${n}`,
  );

  for (const policy of ['local-first', 'fastest', 'private'] as const) {
    const contract = backendContract({
      backend: () => prefer(here('one two three'), there(), policy),
      failing: () => prefer(here(broken()), there(broken()), policy),
      behind: ['local', 'cloud', 'scripted'],
    });
    for (const { title, check } of contract) it(`${title}, with ${policy}`, check);
  }

  it(
    'asks the other too where the first is slow, and stops the one that loses',
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const local = cold(' -------a|');
      const cloud = cold('    --b-|');
      const expected = '   -----b-(f|)';
      const both = prefer(here(local), there(cloud), { policy: 'fastest', hedgeAfter: 3 });

      expectObservable(of('?').pipe(infer(both), letters)).toBe(expected);
      expectSubscriptions(local.subscriptions).toBe('^----!');
      expectSubscriptions(cloud.subscriptions).toBe('---^---!');
    }),
  );

  describe('by its policy', () => {
    it.each<[Preference, string, unknown, unknown]>([
      ['local-first', 'local cloud', 'here', 'there'],
      ['cloud-first', 'cloud local', 'there', 'there'],
      ['local-only', 'local -cloud', 'here', 'busy'],
      ['private', 'local -cloud', 'here', 'busy'],
      ['cloud-only', 'cloud -local', 'there', 'there'],
      ['fastest', 'local cloud', 'here', 'there'],
    ])('%s asks %s', async (policy, order, answer, answerWhereLocalFails) => {
      expect(await plan(prefer(here(), there(), policy))).toBe(order);
      expect(ask(prefer(here(), there(), policy))).toBe(answer);
      const other = ask(prefer(here(broken()), there(), policy));
      expect(other instanceof Error ? other.message : other).toBe(answerWhereLocalFails);
    });

    it.each(['private', 'local-only'] as const)('keeps nothing of the cloud with %s', async (policy) => {
      const local = here((_, index) => (index === 0 ? 'here' : broken()));
      const make = () => {
        const cloud = there();
        return { model: prefer(local, cloud, policy), cloud: new WeakRef(cloud) };
      };
      const { model, cloud } = make();
      const answers = [ask(model), ask(model), await model.explain(request)];
      await new Promise((resolve) => setImmediate(resolve));
      collectGarbage();
      expect(cloud.deref()).toBeUndefined();
      expect(answers).toMatchObject([
        'here',
        failure(),
        [{ backend: 'local' }, { backend: 'cloud', passedOver: true }],
      ]);
    });

    it('says that it is on this device only where nothing leaves it', () => {
      const location = (policy: Preference) => prefer(here(), there(), policy).location;
      expect(location('private')).toBe('device');
      expect(location('local-only')).toBe('device');
      expect(location('local-first')).toBe('cloud');
      expect(location('cloud-only')).toBe('cloud');
    });
  });

  describe('by what is known', () => {
    const full: BackendFacts = { model: 'present', memory: { needed: 3e9, budget: 8e9 }, context: 4096 };

    it.each<[string, BackendFacts, Partial<PreferOptions>, string]>([
      ['its model is missing', { model: 'missing', problem: 'run pull' }, {}, 'its model is not there: run pull'],
      [
        'its model does not fit',
        { memory: { needed: 3e9, budget: 2e9 } },
        {},
        'it takes 3000 MB of memory, and may take 2000 MB',
      ],
      ['the prompt is too long', { context: 5 }, {}, 'the prompt has about 5 tokens, and its context only 5'],
      [
        'its model cannot be downloaded in time',
        { model: 'downloadable' },
        { deadline: 500 },
        'its model has to be downloaded, and an answer is wanted within 500 ms',
      ],
    ])('passes the local backend over where %s', async (_, facts, options, reason) => {
      const model = prefer(here('here', facts), there(), { policy: 'local-first', online: () => true, ...options });
      expect(await plan(model)).toBe('cloud -local');
      expect(await reasons(model, 'local')).toBe(reason);
      expect(ask(model, request.messages[0].content)).toBe('there');
    });

    it('takes a model for available that can be downloaded, where there is a network', async () => {
      const both = (online: boolean) =>
        prefer(here('here', { model: 'downloadable' }), there(), { policy: 'local-first', online: () => online });
      expect(await reasons(both(true), 'local')).toBe('the policy is local-first; its model can be downloaded');
      expect(await reasons(both(false), 'local')).toContain('its model has to be downloaded, and there is no network');
    });

    it('passes the cloud over without a network', async () => {
      const model = prefer(here(), there(), { policy: 'cloud-first', online: () => false });
      expect(await plan(model)).toBe('local -cloud');
      expect(await reasons(model, 'cloud')).toBe('there is no network');
      expect(ask(model)).toBe('here');
    });

    it('tells what speaks for those that are asked', async () => {
      const model = prefer(here('here', full), there(), { policy: 'local-first', online: () => true });
      expect(await model.explain(request)).toEqual([
        {
          backend: 'local',
          location: 'device',
          passedOver: false,
          reasons: [
            'the policy is local-first',
            'its model is on this machine',
            'it takes 3000 MB of memory, of 8000 MB',
            'the prompt has about 5 tokens, and its context 4096',
          ],
        },
        {
          backend: 'cloud',
          location: 'cloud',
          passedOver: false,
          reasons: ['the one before it may fail', 'there is a network'],
        },
      ]);
    });

    it('asks nobody to explain itself, and says when the other would be asked too', async () => {
      const [local, cloud] = [here(), there()];
      const attempts = await prefer(local, cloud, { policy: 'fastest', hedgeAfter: 250 }).explain(request);
      expect(attempts.map(({ hedgeAfter }) => hedgeAfter)).toEqual([undefined, 250]);
      expect([...local.requests, ...cloud.requests]).toEqual([]);
    });

    it('counts tools and schemas to the prompt', async () => {
      const model = prefer(here('here', { context: 50 }), there(), 'local-first');
      const schema = { type: 'object', description: 'x'.repeat(200) } as const;
      const tools = [{ name: 'find', parameters: schema }];
      expect(await plan(model)).toBe('local cloud');
      expect(await plan(model, { ...request, schema })).toBe('cloud -local');
      expect(await plan(model, { ...request, tools })).toBe('cloud -local');
    });

    it('asks all the same where nobody else is left, since the backend itself tells best what is wrong', async () => {
      const missing = failure({ retryable: false });
      const model = prefer(here(broken(missing), { model: 'missing' }), there(), 'private');
      expect(await reasons(model, 'local')).toBe(
        'the policy is private; its model is not there; but nothing else is left',
      );
      expect(ask(model)).toBe(missing);
    });

    it.each([
      ['fail', () => throwError(() => 'broken')],
      [
        'throw',
        () => {
          throw new Error('broken');
        },
      ],
      ['are none', () => of()],
      ['come and never end', () => concat(of({}), NEVER)],
    ])('asks a backend whose facts %s', (_, facts) => {
      expect(ask(prefer({ ...here(), facts }, there(), 'local-first'))).toBe('here');
    });

    it('passes a backend over that has been too slow, where answers are wanted by a deadline', async () => {
      const spent = (firstToken: number, total: number, output: number, load = 0): ScriptedReply => [
        'here',
        { type: 'finish', timing: { queue: 0, load, firstToken, total }, usage: { input: 1, cached: 0, output } },
      ];
      const slow = here(() => spent(400, 1300, 10), { model: 'present' });
      const within = (deadline: number) =>
        prefer(slow, there(), { policy: 'local-first', deadline, online: () => true });
      const [patient, hasty] = [within(1300), within(1299)];
      for (const model of [patient, hasty]) expect(ask(model)).toBe('here');
      expect(await plan(patient)).toBe('local cloud');
      expect(await plan(hasty)).toBe('cloud -local');
      expect(await reasons(hasty, 'local')).toBe('an answer takes it about 1300 ms, and is wanted within 1299 ms');
      // Of a short answer the first token takes most of the time.
      expect(await plan(hasty, { ...request, maxTokens: 5 })).toBe('local cloud');
    });

    it('counts the time that loading takes where the model is not in memory', async () => {
      const timing = { queue: 0, load: 5000, firstToken: 5100, total: 5500 };
      let facts: BackendFacts = { model: 'loaded' };
      const reply: ScriptedReply = ['a', { type: 'finish', timing, usage: { input: 1, cached: 0, output: 5 } }];
      const local = { ...here(() => reply), facts: () => of(facts) };
      const both = prefer(local, there(), { policy: 'local-first', deadline: 1000, online: () => true });
      ask(both);
      expect(await plan(both)).toBe('local cloud');
      facts = { model: 'present' };
      expect(await plan(both)).toBe('cloud -local');
    });
  });

  describe('where one fails', () => {
    it.each<[Preference, BackendError, unknown]>([
      ['local-first', failure({ retryable: false }), 'there'],
      ['cloud-first', failure({ status: 503 }), 'here'],
      ['cloud-first', failure({ status: 400, retryable: false }), 'busy'],
    ])('%s takes %o for a reason to ask the other, or not', (policy, error, answer) => {
      const [local, cloud] = [
        here(policy === 'local-first' ? broken(error) : 'here'),
        there(policy === 'local-first' ? 'there' : broken(error)),
      ];
      const received = ask(prefer(local, cloud, policy));
      expect(received instanceof Error ? received.message : received).toBe(answer);
    });

    it('leaves it to `when`', () => {
      const local = here(broken());
      expect(ask(prefer(local, there(), { policy: 'local-first', when: () => false }))).toMatchObject({
        message: 'busy',
      });
    });

    it(
      'takes over in the middle as `withFallback` does',
      marbles(({ cold, expectObservable }) => {
        const local = cold(' -a-#', undefined, failure());
        const cloud = cold('    -b|');
        const expected = '   -a-rb(f|)';
        expectObservable(of('?').pipe(infer(prefer(here(local), there(cloud), 'local-first')), letters)).toBe(expected);
      }),
    );
  });

  describe('with `fastest`', () => {
    const race = (local: Reply, cloud: Reply, hedgeAfter = 3) =>
      prefer(here(local), there(cloud), { policy: 'fastest', hedgeAfter });
    const marblesOf = (model: Backend) => of('?').pipe(infer(model), letters);

    it(
      'does not ask the second where the first speaks in time',
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const local = cold(' --a---|');
        const cloud = cold(' b|');
        expectObservable(marblesOf(race(local, cloud))).toBe('--a---(f|)');
        expectSubscriptions(cloud.subscriptions).toBe([]);
      }),
    );

    it(
      'stops the second where the first speaks first after all',
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const local = cold(' ----a-|');
        const cloud = cold('    ----b|');
        expectObservable(marblesOf(race(local, cloud))).toBe('----a-(f|)');
        expectSubscriptions(cloud.subscriptions).toBe('---^!');
      }),
    );

    it(
      'asks the second at once where the first fails before it speaks',
      marbles(({ cold, expectObservable }) => {
        const local = cold(' -#', undefined, failure());
        const cloud = cold('  -b|');
        expectObservable(marblesOf(race(local, cloud))).toBe('--b(f|)');
      }),
    );

    it(
      'waits for the first where the second fails before it speaks',
      marbles(({ cold, expectObservable }) => {
        const local = cold(' ------a|');
        const cloud = cold('    -#', undefined, failure());
        expectObservable(marblesOf(race(local, cloud))).toBe('------a(f|)');
      }),
    );

    it(
      'waits for the first too where the second refuses what it is asked for',
      marbles(({ cold, expectObservable }) => {
        const local = cold(' ------a|');
        const cloud = cold('    -#', undefined, failure({ retryable: false, status: 401 }));
        expectObservable(marblesOf(race(local, cloud))).toBe('------a(f|)');
      }),
    );

    it(
      'fails at once where the first fails with what another could not mend',
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const local = cold(' -#', undefined, 'broken');
        const cloud = cold('  -b|');
        expectObservable(marblesOf(race(local, cloud))).toBe('-#', undefined, 'broken');
        expectSubscriptions(cloud.subscriptions).toBe([]);
      }),
    );

    it(
      'fails with the second error where both fail, and asks each once',
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const [one, other] = [failure({ status: 502 }), failure({ status: 503 })];
        const local = cold(' -----#', undefined, one);
        const cloud = cold('    -#', undefined, other);
        expectObservable(marblesOf(race(local, cloud))).toBe('-----#', undefined, one);
        expectSubscriptions(local.subscriptions).toBe('^----!');
        expectSubscriptions(cloud.subscriptions).toBe('---^!');
      }),
    );

    it(
      'has the one that was stopped take over where the faster one breaks off',
      marbles(({ cold, expectObservable }) => {
        const local = cold(' -a-#', undefined, failure());
        const cloud = cold('    -b|');
        expectObservable(marblesOf(race(local, cloud, 30))).toBe('-a-rb(f|)');
      }),
    );

    it(
      'fails where the faster one breaks off and the other has failed',
      marbles(({ cold, expectObservable }) => {
        const local = cold(' #', undefined, failure({ status: 500 }));
        const cloud = cold(' -b-#', undefined, failure({ status: 503 }));
        expectObservable(marblesOf(race(local, cloud))).toBe('-b-#', undefined, failure({ status: 503 }));
      }),
    );

    it(
      'stops both when the reader leaves',
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const local = cold(' ---------a|');
        const cloud = cold('    ------b|');
        expectObservable(marblesOf(race(local, cloud)), '-----!').toBe('-');
        expectSubscriptions(local.subscriptions).toBe('^----!');
        expectSubscriptions(cloud.subscriptions).toBe('---^-!');
      }),
    );

    it('asks the one first that has been faster, once both have answered', async () => {
      const timed = (firstToken: number): ScriptedReply => [
        'a',
        { type: 'finish', timing: { queue: 0, load: 0, firstToken, total: 50 } },
      ];
      const both = prefer(
        here((_, index) => (index === 1 ? broken() : timed(40))),
        there(timed(20)),
        'fastest',
      );
      expect(await plan(both)).toBe('local cloud');
      ask(both);
      expect(await plan(both)).toBe('local cloud');
      ask(both);
      expect(await plan(both)).toBe('cloud local');
    });

    it('shows a run who was asked too, who lost and what that cost', () => {
      const events: RunEvent[] = [];
      marbles(({ cold }) => {
        const asked = run(infer<string>(race(cold('---------a|'), cold('--b|'))), 'How are you today?');
        asked.events.subscribe((event) => events.push(event));
        asked.subscribe();
      })();
      expect(events.filter(({ kind, type }) => kind === 'model' && type !== 'start')).toMatchObject([
        { type: 'choose', attempts: [{ backend: 'local' }, { backend: 'cloud', hedgeAfter: 3 }] },
        { type: 'hedge', backend: 'cloud', after: 3 },
        { type: 'lose', backend: 'local', elapsed: 5, usage: { input: 5, cached: 0, output: 0 } },
        { type: 'token', text: 'b', attempt: 2 },
        { type: 'finish', timing: { firstToken: 5, total: 6 } },
        { type: 'complete' },
      ]);
    });
  });

  it('names no loser where the reader leaves first', () => {
    const types: string[] = [];
    marbles(({ cold }) => {
      const both = prefer(here(cold('---------a|')), there(cold('---------b|')), { policy: 'fastest', hedgeAfter: 3 });
      const asked = run(infer<string>(both), '?');
      asked.events.subscribe(({ kind, type }) => kind === 'model' && types.push(type));
      const reader = asked.subscribe();
      timer(5).subscribe(() => reader.unsubscribe());
    })();
    expect(types).toEqual(['start', 'choose', 'hedge', 'cancel']);
  });

  describe('in a conversation', () => {
    it('stays with the backend that gave the last answer, also where the conversation was stored meanwhile', () => {
      const model = prefer(
        here((_, index) => (index === 0 ? broken() : 'here')),
        there(),
        'local-first',
      );
      const { values } = outcome(of('?').pipe(infer(model)));
      const [finish] = values.filter((event) => event.type === 'finish');
      const stored = JSON.parse(JSON.stringify(finish?.messages));
      const next = outcome(of([...stored, { role: 'user', content: 'And then?' }]).pipe(inferText(model)));
      expect(next.values).toEqual(['there']);
      expect(ask(model)).toBe('here');
    });

    it('keeps a tool loop on one model, and leaves it where that fails', () => {
      const find = tool({ name: 'find', parameters: { type: 'object' }, execute: () => 'found' });
      const call = (id: string): ScriptedReply => [{ type: 'tool-call', call: { id, name: 'find', arguments: {} } }];
      const local = here((_, index) => [broken(), 'home again'][index] ?? 'here');
      const cloud = there((_, index) => [call('1'), call('2'), broken()][index] as ScriptedReply);
      const answer = of('?').pipe(callTools(prefer(local, cloud, 'local-first'), [find]), text());
      expect(outcome(answer).values).toEqual(['home again']);
      expect([local.requests.length, cloud.requests.length]).toEqual([2, 3]);
    });

    it('asks the backend of the conversation alone even with `fastest`', () => {
      const call: ScriptedReply = [{ type: 'tool-call', call: { id: '1', name: 'find', arguments: {} } }];
      const find = tool({ name: 'find', parameters: { type: 'object' }, execute: () => 'found' });
      const local = here((_, index) => (index === 0 ? call : NEVER) as ScriptedReply);
      const cloud = there();
      marbles(({ expectObservable }) => {
        const both = prefer(local, cloud, { policy: 'fastest', hedgeAfter: 3 });
        expectObservable(of('?').pipe(callTools(both, [find]), text()), '100ms !').toBe('-');
      })();
      expect([local.requests.length, cloud.requests.length]).toEqual([2, 0]);
    });
  });

  it(
    'asks a backend whose facts do not come within two seconds',
    marbles(({ cold, expectObservable }) => {
      const local = { ...here(cold('-(a|)')), facts: () => NEVER };
      const answer = of('?').pipe(inferText(prefer(local, there(), 'local-first')));
      expectObservable(answer).toBe('2001ms (a|)');
    }),
  );

  it(
    'counts the time that facts take to the time of the answer',
    marbles(({ cold, expectObservable }) => {
      const local = { ...here(cold('-a|')), facts: () => timer(5).pipe(map(() => ({}))) };
      const finishes = of('?').pipe(
        infer(prefer(local, there(), 'local-first')),
        filter((event) => event.type === 'finish'),
        map(({ timing }) => timing),
      );
      const timing = { queue: 0, load: 0, firstToken: 6, total: 7 };
      expectObservable(finishes).toBe('-------(f|)', { f: timing });
    }),
  );

  it.each<Preference>(['local-first', 'fastest', 'private'])('lets a reader hold the model, with %s', (policy) => {
    const local = here('one two three');
    const careful = withRetry(withCircuitBreaker(withBulkhead(local, { concurrency: 1 })));
    const releases: (() => void)[] = [];
    let done = false;
    of('?')
      .pipe(infer(prefer(careful, there(), policy)))
      .subscribe({
        next: () => releases.push(hold()),
        complete: () => {
          done = true;
        },
      });
    expect([releases.length, local.readings[0]?.taken]).toEqual([1, 1]);
    releases[0]?.();
    expect([releases.length, local.readings[0]?.taken]).toEqual([2, 2]);
    releases[1]?.();
    releases[2]?.();
    expect(done).toBe(false);
    releases[3]?.();
    expect(done).toBe(true);
  });

  it.each<[() => unknown, string]>([
    [
      () => prefer(1 as never, there(), 'private'),
      'Expected the local backend of prefer to be an object with an `infer`',
    ],
    [
      () => prefer(here(), {} as never, 'private'),
      'Expected the cloud backend of prefer to be an object with an `infer`',
    ],
    [() => prefer(here(), there(), 'cheapest' as never), 'Expected `policy` to be one of local-first, local-only,'],
    [() => prefer(here(), there(), {} as never), 'Expected `policy` to be one of local-first, local-only,'],
    [() => prefer(here(), there(), undefined as never), 'Expected the policy of prefer to be one of local-first,'],
    [
      () => prefer(there(), there(), 'local-first'),
      "Expected the local backend's `location` to be 'device', received \"cloud\"",
    ],
    [
      () => prefer({ id: 'x', infer: () => NEVER }, there(), 'private'),
      "Expected the local backend's `location` to be 'device', received undefined",
    ],
    [
      () => prefer(here(), there(), { policy: 'private', hedgeAfter: 1 }),
      "only with the policy 'fastest', received it with",
    ],
    [
      () => prefer(here(), there(), { policy: 'fastest', hedgeAfter: -1 }),
      'Expected `hedgeAfter` to be a number of at least 0',
    ],
    [() => prefer(here(), there(), { policy: 'fastest', online: true as never }), 'Expected `online` to be a function'],
    [
      () => prefer(here(), there(), { policy: 'fastest', onPartial: 'keep' as never }),
      'Expected `onPartial` to be one of',
    ],
    [() => prefer(here(), there(), { policy: 'fastest', after: 1 } as never), 'received `after`'],
  ])('refuses misuse when it is made (%#)', (make, message) => {
    expect(make).toThrow(message);
  });
});
