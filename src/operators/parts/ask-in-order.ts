import { defer, type Observable, tap } from 'rxjs';
import type { Backend } from '../../runtime/backend.ts';
import { BackendError } from '../../runtime/backend-error.ts';
import type { InferenceEvent } from '../../runtime/inference-event.ts';
import type { InferenceRequest } from '../../runtime/inference-request.ts';
import { isRetryable } from '../../runtime/is-retryable.ts';
import { wrapBackend } from '../../runtime/wrap-backend.ts';
import { withFallback } from '../with-fallback.ts';
import type { Candidate } from './candidate.ts';
import type { Preferences } from './check-prefer.ts';
import type { Decision } from './decide.ts';
import type { FallbackOptions } from './fallback-options.ts';
import { type Contender, hedge } from './hedge.ts';

/** Asks those that a decision names, in its order, until one has answered; takes note of who did, and how fast. */
export const askInOrder = (
  request: InferenceRequest,
  { order, hedged }: Pick<Decision, 'order' | 'hedged'>,
  { hedgeAfter, fallback }: Pick<Preferences, 'hedgeAfter' | 'fallback'>,
): Observable<InferenceEvent> =>
  defer(() => {
    let serving: Candidate | undefined;
    const contenders = order.map((candidate): Contender => {
      const watch = (event: InferenceEvent) => {
        serving = candidate;
        if (event.type === 'finish') candidate.speed.observe(event);
      };
      const backend = wrapBackend(candidate.backend, (asked) => candidate.backend.infer(asked).pipe(tap(watch)));
      return { backend, when: fallback.when ?? ((error) => isRetryable(error) || isLocal(error, candidate)) };
    });
    const answering = hedged ? sideBySide(contenders, hedgeAfter, fallback) : oneByOne(contenders, fallback);
    return answering.infer(request).pipe(
      tap((event) => {
        if (event.type === 'finish') serving?.conversations.add(event.messages);
      }),
    );
  });

/** A model on this device that cannot answer may be too small or absent; a server that refuses a request means it. */
const isLocal = (error: unknown, { location }: Candidate): boolean =>
  location === 'device' && error instanceof BackendError;

const oneByOne = (contenders: readonly Contender[], fallback: FallbackOptions): Backend => {
  const { backend: last } = contenders.at(-1) as Contender;
  return contenders
    .slice(0, -1)
    .reduceRight((next, { backend, when }) => withFallback(backend, next, { ...fallback, when }), last);
};

/** Of the two, who has not answered and not failed either takes over where the other breaks off. */
const sideBySide = (contenders: readonly Contender[], after: number, fallback: FallbackOptions): Backend => {
  const [first, second] = contenders as readonly [Contender, Contender];
  const id = `${first.backend.id} or ${second.backend.id}`;
  let [winner, spare]: (Contender | undefined)[] = [];
  const settled = (who: Contender, other: Contender | undefined) => {
    [winner, spare] = [who, other];
  };
  const racing: Backend = { id, infer: (asked) => hedge(asked, { first, second, after, settled }) };
  const rest: Backend = {
    id,
    infer: (asked) => (spare as Contender).backend.infer(asked),
    continues: (asked) => spare?.backend.continues?.(asked) ?? false,
  };
  const when = (error: unknown) => spare !== undefined && (winner as Contender).when(error);
  return withFallback(racing, rest, { ...fallback, when });
};
