import {
  type Backend,
  type Preference,
  prefer,
  RetryBudget,
  withBulkhead,
  withCircuitBreaker,
  withFallback,
  withRetry,
} from 'millrace';
import { openai } from 'millrace/openai';
import type { Observable } from 'rxjs';
import type { Chance } from './chance.ts';
import { fallbackOptions } from './fallback-options.ts';
import type { Ledger } from './ledger.ts';
import { local } from './local.ts';
import { watched } from './watched.ts';

/** Something made by chance, and how. */
export type Named<T> = { readonly name: string; readonly it: T };

/** Makes backends by chance, of servers and models on this machine, one around the other. */
export class Models {
  readonly #leaves: readonly Named<Backend>[];
  readonly #shared: readonly Named<Backend>[];
  readonly #local: Backend;
  /** How busy the places are that all share. */
  readonly places: readonly Observable<{ readonly running: number; readonly waiting: number }>[];

  constructor(ledger: Ledger, url: string) {
    const asking = { baseURL: url, apiKey: 'key-of-nobody' };
    const cloud = watched(ledger, openai({ model: 'any', id: 'cloud', ...asking }));
    const hasty = watched(ledger, openai({ model: 'any', id: 'hasty', timeout: 300, ...asking }), true);
    this.#local = watched(ledger, local(ledger, 'local', false));
    const going = watched(ledger, local(ledger, 'going', true));
    this.#leaves = [
      { name: 'cloud', it: cloud },
      { name: 'cloud', it: cloud },
      { name: 'hasty', it: hasty },
      { name: 'local', it: this.#local },
      { name: 'going', it: going },
    ];
    const crowded = withBulkhead(cloud, { concurrency: 8 });
    const small = withBulkhead(hasty, { concurrency: 4, capacity: 4 });
    const breaking = withCircuitBreaker(cloud, { window: 6, minimum: 3, pause: 80 });
    const all = withRetry(withCircuitBreaker(withBulkhead(cloud, { concurrency: 8 }), { pause: 50 }), {
      minDelay: 5,
      maxDelay: 60,
    });
    this.#shared = [
      { name: 'shared bulkhead', it: crowded },
      { name: 'shared small bulkhead', it: small },
      { name: 'shared breaker', it: breaking },
      { name: 'shared retries', it: all },
      { name: 'shared fallback', it: withFallback(breaking, going, { onPartial: 'continue' }) },
    ];
    this.places = [crowded.state, small.state];
  }

  any(chance: Chance, depth = 2): Named<Backend> {
    if (depth === 0 || chance.of(0.2)) return chance.pick(chance.of(0.3) ? this.#shared : this.#leaves);
    const inner = this.any(chance, depth - 1);
    switch (chance.between(0, 6)) {
      case 0:
      case 1: {
        const attempts = chance.between(1, 4);
        const budget = chance.of(0.2) ? { budget: new RetryBudget({ perSecond: 1 }) } : {};
        const it = withRetry(inner.it, { attempts, minDelay: 3, maxDelay: 50, random: chance.next, ...budget });
        return { name: `withRetry(${inner.name}, ${attempts})`, it };
      }
      case 2:
        return { name: `withCircuitBreaker(${inner.name})`, it: withCircuitBreaker(inner.it, { pause: 30 }) };
      case 3:
        return { name: `withBulkhead(${inner.name})`, it: withBulkhead(inner.it, { concurrency: 1 }) };
      case 4: {
        const policy = chance.pick<Preference>(['local-first', 'cloud-first', 'fastest', 'fastest', 'private']);
        const options = fallbackOptions(chance, ['retract', 'continue', 'hold', 'fail']);
        const it = prefer(this.#local, inner.it, {
          policy,
          ...options,
          ...(policy === 'fastest' && { hedgeAfter: chance.between(0, 40) }),
        });
        return { name: `prefer(local, ${inner.name}, ${policy} ${JSON.stringify(options)})`, it };
      }
      default: {
        const other = this.any(chance, depth - 1);
        const options = fallbackOptions(chance, [undefined, 'retract', 'continue', 'hold', 'fail']);
        const name = `withFallback(${inner.name}, ${other.name}, ${JSON.stringify(options)})`;
        return { name, it: withFallback(inner.it, other.it, options) };
      }
    }
  }
}
