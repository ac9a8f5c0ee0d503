import { catchError, defaultIfEmpty, defer, forkJoin, map, type Observable, of, take, timeout } from 'rxjs';
import type { Attempt } from '../../runtime/attempt.ts';
import type { Backend } from '../../runtime/backend.ts';
import type { BackendFacts } from '../../runtime/backend-facts.ts';
import type { Candidate } from './candidate.ts';
import type { Preferences } from './check-prefer.ts';
import { type Weighing, type Wish, weigh } from './weigh.ts';

/** Whom to ask, in which order. */
export type Decision = {
  readonly order: readonly Candidate[];
  /** Whether the second is asked beside the first where that is slow. */
  readonly hedged: boolean;
  /** The same in words, with those that are passed over. */
  readonly attempts: readonly Attempt[];
};

type Weighed = Weighing & { readonly candidate: Candidate };

/** Milliseconds to wait for what is known of a backend. */
const patience = 2000;

/** Decides whom to ask, and asks nobody. */
export const decide = (
  { candidates, excluded, policy, hedgeAfter, deadline, online }: Preferences,
  request: Wish['request'],
): Observable<Decision> => {
  const arrange = (facts: readonly BackendFacts[]): Decision => {
    const wish = { request, deadline, online: online() };
    const weighed = candidates.map((candidate, index): Weighed => {
      return { candidate, ...weigh(candidate, facts[index] as BackendFacts, wish) };
    });
    const suited = weighed.filter(({ objections }) => objections.length === 0);
    // Where nobody is suited, the backends themselves tell best why they cannot answer.
    const asked = suited.length > 0 ? suited : weighed;
    const bound = asked.find(({ candidate }) => candidate.conversations.has(request.messages));
    const hedged = policy === 'fastest' && bound === undefined && asked.length > 1;
    const others = asked.filter((each) => each !== bound);
    const order = bound ? [bound, ...others] : hedged ? others.toSorted(bySpeed) : others;
    const attempts = order.map(({ candidate, merits, objections }, index): Attempt => {
      const behind = hedged ? 'the one before it may be slow, or fail' : 'the one before it may fail';
      const place = index > 0 ? behind : bound ? 'the conversation is with it' : `the policy is ${policy}`;
      const regardless = objections.map((objection) => `${objection}; but nothing else is left`);
      const later = hedged && index > 0 && { hedgeAfter };
      return { ...named(candidate), passedOver: false, ...later, reasons: [place, ...merits, ...regardless] };
    });
    const passedOver = weighed.filter((each) => !asked.includes(each)).map(toPassedOver);
    return {
      order: order.map(({ candidate }) => candidate),
      hedged,
      attempts: [...attempts, ...passedOver, ...excluded],
    };
  };
  return forkJoin(candidates.map(({ backend }) => factsOf(backend))).pipe(map(arrange));
};

/** What is not known is no obstacle: the backend is asked, and says what is wrong. */
const factsOf = (backend: Backend): Observable<BackendFacts> =>
  defer(() => backend.facts?.() ?? of({})).pipe(
    timeout({ first: patience }),
    catchError(() => of({})),
    take(1),
    defaultIfEmpty({}),
  );

const toPassedOver = ({ candidate, objections }: Weighed): Attempt => ({
  ...named(candidate),
  passedOver: true,
  reasons: objections,
});

const named = ({ backend, location }: Candidate): Pick<Attempt, 'backend' | 'location'> => ({
  backend: backend.id,
  ...(location && { location }),
});

/** Who is known to be faster goes first; else the order stays. */
const bySpeed = ({ candidate: one }: Weighed, { candidate: other }: Weighed): number =>
  (one.speed.firstToken ?? Number.NaN) - (other.speed.firstToken ?? Number.NaN) || 0;
