import type { Attempt } from '../../runtime/attempt.ts';
import type { Backend } from '../../runtime/backend.ts';
import { checkBackend } from '../../runtime/check-backend.ts';
import { checkNumber } from '../../runtime/check-number.ts';
import { expected } from '../../runtime/expected.ts';
import { Candidate } from './candidate.ts';
import { checkFallback } from './check-fallback.ts';
import type { FallbackOptions } from './fallback-options.ts';
import type { Preference, PreferOptions } from './prefer-options.ts';

/** The arguments of `prefer` with their defaults. */
export type Preferences = Required<Omit<PreferOptions, keyof FallbackOptions>> & {
  /** Those that the policy lets be asked, in its order. It refers to no other. */
  readonly candidates: readonly Candidate[];
  /** The names of the others. */
  readonly excluded: readonly Attempt[];
  readonly fallback: FallbackOptions;
};

const policies: readonly Preference[] = [
  'local-first',
  'local-only',
  'cloud-first',
  'cloud-only',
  'private',
  'fastest',
];
const own = ['policy', 'hedgeAfter', 'deadline', 'online'] as const;

/** Reads the arguments of `prefer`, and refuses misuse when the backend is made. */
export const checkPrefer = (local: Backend, cloud: Backend, options: Preference | PreferOptions): Preferences => {
  checkBackend('the local backend of prefer', local);
  checkBackend('the cloud backend of prefer', cloud);
  const given = typeof options === 'string' ? { policy: options } : options;
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(expected('the policy of prefer', `one of ${policies.join(', ')}, or options`, options));
  }
  checkFallback('prefer', given, ['fail', 'retract', 'continue', 'hold'], own);
  const { policy, hedgeAfter, deadline, online, ...fallback } = given as PreferOptions;
  if (!policies.includes(policy)) throw new TypeError(expected('`policy`', `one of ${policies.join(', ')}`, policy));
  checkTimes(policy, hedgeAfter, deadline);
  if (online !== undefined && typeof online !== 'function')
    throw new TypeError(expected('`online`', 'a function', online));
  checkPlaces(local, policy);
  return {
    ...choose(local, cloud, policy),
    policy,
    hedgeAfter: hedgeAfter ?? 1000,
    deadline: deadline ?? Number.POSITIVE_INFINITY,
    online: online ?? isOnline,
    fallback,
  };
};

const checkTimes = (policy: Preference, hedgeAfter: number | undefined, deadline: number | undefined): void => {
  checkNumber('hedgeAfter', hedgeAfter, 0);
  checkNumber('deadline', deadline, 0);
  if (hedgeAfter !== undefined && policy !== 'fastest') {
    throw new TypeError(`Expected \`hedgeAfter\` only with the policy 'fastest', received it with '${policy}'`);
  }
};

const checkPlaces = ({ location }: Backend, policy: Preference): void => {
  if (location === 'cloud' || (policy === 'private' && location !== 'device')) {
    throw new TypeError(expected("the local backend's `location`", "'device'", location));
  }
};

const choose = (local: Backend, cloud: Backend, policy: Preference): Pick<Preferences, 'candidates' | 'excluded'> => {
  const here = new Candidate(local);
  const there = new Candidate(cloud, cloud.location ?? 'cloud');
  if (policy === 'local-first' || policy === 'fastest') return { candidates: [here, there], excluded: [] };
  if (policy === 'cloud-first') return { candidates: [there, here], excluded: [] };
  const [one, other] = policy === 'cloud-only' ? [there, here] : [here, there];
  return { candidates: [one], excluded: [exclude(other, policy)] };
};

const exclude = ({ backend, location }: Candidate, policy: Preference): Attempt => ({
  backend: backend.id,
  ...(location && { location }),
  passedOver: true,
  reasons: [`the policy is ${policy}`],
});

const isOnline = (): boolean => {
  const { navigator } = globalThis as { readonly navigator?: { readonly onLine?: boolean } };
  return navigator?.onLine ?? true;
};
