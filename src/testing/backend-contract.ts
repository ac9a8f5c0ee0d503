import { strict as assert } from 'node:assert';
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import type { Backend } from '../runtime/backend.ts';
import { BackendError } from '../runtime/backend-error.ts';
import type { InferenceEvent } from '../runtime/inference-event.ts';
import type { InferenceRequest } from '../runtime/inference-request.ts';
import { nextRequestId } from '../runtime/next-request-id.ts';

/** One clause of the law that every backend keeps. */
export type ContractClause = {
  /** A sentence, for the test's title. */
  readonly title: string;
  /** Rejects with what was expected and what came, where the backend breaks the clause. */
  readonly check: () => Promise<void>;
};

/** What a backend's test brings along. */
export type ContractSubject = {
  /** Makes a backend whose answers have at least three tokens. */
  readonly backend: () => Backend;
  /** Makes a backend that cannot answer. */
  readonly failing: () => Backend;
  /** The backends that may answer or fail in its place, by `id`, where it hands requests on. Defaults to itself. */
  readonly behind?: readonly string[];
  /** How many requests the backend has begun, where that can be seen from outside. */
  readonly begun?: (backend: Backend) => number;
};

/**
 * The law of {@link Backend} as tests for a backend of your own, in any test runner.
 *
 * @example
 * ```ts
 * for (const { title, check } of backendContract({ backend: () => mine(), failing: () => mine({ url: 'nowhere' }) })) {
 *   it(title, check);
 * }
 * ```
 */
export const backendContract = ({ backend, failing, behind, begun }: ContractSubject): readonly ContractClause[] => [
  {
    title: 'does nothing before it is subscribed',
    check: async () => {
      const subject = backend();
      const answer = subject.infer(request());
      await settled();
      if (begun) assert.equal(begun(subject), 0, 'Expected no request before subscription');
      await lastValueFrom(answer);
      if (begun) assert.equal(begun(subject), 1, 'Expected one request after subscription');
    },
  },
  {
    title: 'ends with exactly one finish, then completes',
    check: async () => {
      const events = await all(backend(), request());
      const finishes = events.filter(({ type }) => type === 'finish');
      assert.equal(finishes.length, 1, `Expected one finish, received ${finishes.length}`);
      assert.equal(events.at(-1)?.type, 'finish', 'Expected the finish to be the last event');
    },
  },
  {
    title: 'marks every event with its request and its attempt',
    check: async () => {
      const asked = request();
      for (const event of await all(backend(), asked)) {
        assert.equal(event.request, asked.id);
        assert.ok(
          Number.isInteger(event.attempt) && event.attempt >= 1,
          `Expected an attempt from 1, received ${event.attempt}`,
        );
      }
    },
  },
  {
    title: 'streams tokens that concatenate to the final message',
    check: async () => {
      const asked = request();
      const events = await all(backend(), asked);
      const finish = events.find((event) => event.type === 'finish');
      const answer = finish?.messages.at(-1);
      assert.equal(answer?.role, 'assistant');
      assert.equal(answer.content, standing(events));
      assert.deepEqual(finish?.messages.slice(0, -1), asked.messages);
    },
  },
  {
    title: 'stops when the reader leaves',
    check: async () => {
      const subject = backend();
      let seen = 0;
      const first = await new Promise<InferenceEvent>((resolve, reject) => {
        subject
          .infer(request())
          .pipe(take(1))
          .subscribe({
            next: (event) => {
              seen++;
              resolve(event);
            },
            error: reject,
          });
      });
      assert.notEqual(first.type, 'finish', 'Expected a token before the finish');
      await settled();
      assert.equal(seen, 1, 'Expected no event after the reader left');
      assert.ok((await all(subject, request())).length > 1, 'Expected an answer after another reader left');
    },
  },
  {
    title: 'forgets a request whose reader leaves at once',
    check: async () => {
      const subject = backend();
      let seen = 0;
      const reader = subject.infer(request()).subscribe(() => seen++);
      const before = seen;
      reader.unsubscribe();
      await settled();
      assert.equal(seen, before, 'Expected no event after the reader left');
      assert.ok((await all(subject, request())).length > 1, 'Expected an answer after another reader left');
    },
  },
  {
    title: 'tells who answered, how much and how fast',
    check: async () => {
      const subject = backend();
      const finish = (await all(subject, request())).find((event) => event.type === 'finish');
      assert.ok(finish, 'Expected a finish');
      isNamed(finish.served.backend, behind ?? [subject.id]);
      assert.ok(finish.usage.input > 0 && finish.usage.output > 0, 'Expected tokens of the prompt and of the answer');
      assert.ok(finish.usage.cached <= finish.usage.input, 'Expected no more cached tokens than the prompt has');
      const { queue, load, firstToken, total } = finish.timing;
      assert.ok(Math.min(queue, load, firstToken) >= 0 && firstToken <= total, 'Expected times that fit each other');
    },
  },
  {
    title: 'takes two subscriptions for two requests',
    check: async () => {
      const subject = backend();
      const answer = subject.infer(request());
      const [one, two] = await Promise.all([
        lastValueFrom(answer.pipe(toArray())),
        lastValueFrom(answer.pipe(toArray())),
      ]);
      assert.equal(one.at(-1)?.type, 'finish');
      assert.equal(two.at(-1)?.type, 'finish');
      if (begun) assert.equal(begun(subject), 2, 'Expected two requests for two subscriptions');
    },
  },
  {
    title: 'fails with a BackendError that knows whether to retry',
    check: async () => {
      const subject = failing();
      const error = await firstValueFrom(subject.infer(request()).pipe(toArray())).then(
        () => assert.fail('Expected a failure, received an answer'),
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof BackendError, `Expected a BackendError, received ${error}`);
      isNamed(error.backend, behind ?? [subject.id]);
      assert.equal(typeof error.retryable, 'boolean');
    },
  },
];

const isNamed = (backend: string, among: readonly string[]): void =>
  assert.ok(among.includes(backend), `Expected the backend to be one of ${among.join(', ')}, received ${backend}`);

const request = (): InferenceRequest => ({
  id: nextRequestId(),
  messages: [{ role: 'user', content: 'Count from one to five.' }],
  maxTokens: 12,
});

const all = (backend: Backend, asked: InferenceRequest): Promise<InferenceEvent[]> =>
  lastValueFrom(backend.infer(asked).pipe(toArray()));

const standing = (events: readonly InferenceEvent[]): string => {
  const last = events.findLastIndex(({ type }) => type === 'retract');
  return events.slice(last + 1).reduce((text, event) => (event.type === 'token' ? text + event.text : text), '');
};

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
