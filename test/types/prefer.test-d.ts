import {
  type Attempt,
  type Backend,
  type BreakingBackend,
  type CircuitState,
  type CrowdedBackend,
  infer,
  type PreferringBackend,
  prefer,
  withBulkhead,
  withCircuitBreaker,
  withRetry,
} from 'millrace';
import type { Observable } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';

declare const local: Backend;
declare const cloud: Backend;

describe('what decides and protects', () => {
  it('gives backends, which nest', () => {
    expectTypeOf(withRetry(local)).toEqualTypeOf<Backend>();
    expectTypeOf(withCircuitBreaker(local)).toEqualTypeOf<BreakingBackend>();
    expectTypeOf(withCircuitBreaker(local).state).toEqualTypeOf<Observable<CircuitState>>();
    expectTypeOf(withBulkhead(local, { concurrency: 2 })).toEqualTypeOf<CrowdedBackend>();
    const careful = withRetry(withCircuitBreaker(withBulkhead(cloud, { concurrency: 2 })));
    expectTypeOf(prefer(local, careful, 'private')).toEqualTypeOf<PreferringBackend>();
    infer(prefer(prefer(local, cloud, 'local-first'), cloud, 'cloud-only'));
  });

  it('explains a request without an id', () => {
    const attempts = prefer(local, cloud, 'local-first').explain({ messages: [] });
    expectTypeOf(attempts).toEqualTypeOf<Promise<readonly Attempt[]>>();
    // @ts-expect-error there is nothing to explain without messages
    prefer(local, cloud, 'local-first').explain({});
  });

  it('does not compile with what nobody knows', () => {
    // @ts-expect-error no such policy
    prefer(local, cloud, 'cheapest');
    // @ts-expect-error options name a policy
    prefer(local, cloud, { deadline: 9 });
    // @ts-expect-error nobody knows how many at once
    withBulkhead(local, {});
    // @ts-expect-error no such option
    withRetry(local, { retries: 3 });
  });
});
