import {
  admit,
  callTools,
  fallback,
  type InferenceEvent,
  infer,
  inferJson,
  inferText,
  mergeFanOut,
  route,
  step,
  text,
  verify,
  type Workflow,
} from 'millrace';
import { concatMap, map, type Observable, pipe } from 'rxjs';
import { fallbackOptions } from './fallback-options.ts';
import type { Work } from './ledger.ts';
import type { Models, Named } from './models.ts';
import { makeTools } from './tools.ts';

type Shape<O> = Named<Workflow<string, O>>;

/** What puts an end to a workflow whose model says nothing. */
export type Limit = 'waits' | 'deadline' | 'outer';

const labels = ['left', 'right'] as const;
const choice = { type: 'string', enum: labels } as const;
const record = {
  type: 'object',
  properties: { by: { type: 'integer' }, words: { type: 'string' } },
  required: ['by', 'words'],
  additionalProperties: false,
} as const;

/** Makes workflows by chance, one within the other. */
export class Shapes {
  readonly #work: Work;
  readonly #models: Models;
  readonly #limit: Limit;

  constructor(work: Work, models: Models, limit: Limit) {
    this.#work = work;
    this.#models = models;
    this.#limit = limit;
  }

  any(): Shape<unknown> {
    const { chance } = this.#work;
    switch (chance.between(0, 5)) {
      case 0:
        return this.#joined();
      case 1:
        return this.#live();
      case 2:
        return this.#json();
      case 3:
        return this.#texts(3);
      default:
        return this.#events(3);
    }
  }

  /** The prompt carries the number of the workflow, so that its requests are known. */
  readonly #ask = (input: unknown): string => `#${this.#work.number}# ${JSON.stringify(input)}`;

  get #limits(): object {
    const { chance } = this.#work;
    if (this.#limit === 'waits') {
      return { firstTokenTimeout: chance.between(300, 900), idleTimeout: chance.between(80, 300) };
    }
    return this.#limit === 'deadline' ? { deadline: chance.between(50, 1200) } : {};
  }

  #named<O>(name: string, it: Workflow<string, O>): Shape<O> {
    this.#work.ledger.count('shapes', name.split('(')[0] as string);
    return { name, it };
  }

  #infer(): Shape<InferenceEvent> {
    const model = this.#models.any(this.#work.chance);
    return this.#named(`infer(${model.name})`, infer(model.it, this.#ask, this.#limits));
  }

  #callTools(): Shape<InferenceEvent> {
    const { chance } = this.#work;
    const model = this.#models.any(chance);
    const options = {
      maxRounds: chance.between(1, 5),
      concurrency: chance.between(1, 3),
      repairs: chance.between(0, 2),
      onToolError: chance.pick(['return', 'return', 'throw'] as const),
    };
    const tools = makeTools(this.#work, this.#limit !== 'waits');
    const it = callTools(model.it, tools, this.#ask, { ...options, ...this.#limits });
    return this.#named(`callTools(${model.name}, ${JSON.stringify(options)})`, it);
  }

  #events(depth: number): Shape<InferenceEvent> {
    const { chance } = this.#work;
    if (depth === 0 || chance.of(0.2)) return chance.of(0.5) ? this.#infer() : this.#callTools();
    const inner = this.#events(depth - 1);
    switch (chance.between(0, 5)) {
      case 0:
        return this.#routed(inner, this.#events(depth - 1));
      case 1:
        return this.#stepped(inner);
      case 2:
        return this.#admitted(inner);
      case 3:
        return inner;
      default: {
        const other = this.#events(depth - 1);
        const options = fallbackOptions(chance, [undefined, 'retract', 'hold', 'fail']);
        const name = `fallback(${inner.name}, ${other.name}, ${JSON.stringify(options)})`;
        return this.#named(name, fallback(inner.it, other.it, options));
      }
    }
  }

  #texts(depth: number): Shape<string> {
    const { chance } = this.#work;
    const model = this.#models.any(chance);
    if (depth === 0 || chance.of(0.2)) {
      if (chance.of(0.5)) {
        const events = this.#events(1);
        return this.#named(`text(${events.name})`, pipe(events.it, text()));
      }
      return this.#named(`inferText(${model.name})`, inferText(model.it, this.#ask, this.#limits));
    }
    const inner = this.#texts(depth - 1);
    switch (chance.between(0, 6)) {
      case 0:
        return this.#routed(inner, this.#texts(depth - 1));
      case 1:
        return this.#stepped(inner);
      case 2:
        return this.#admitted(inner);
      case 3: {
        const other = this.#texts(depth - 1);
        const options = fallbackOptions(chance, [undefined, 'hold', 'fail']) as { onPartial?: 'fail' | 'hold' };
        const name = `fallback(${inner.name}, ${other.name}, ${JSON.stringify(options)})`;
        return this.#named(name, fallback(inner.it, other.it, options));
      }
      case 4:
        return this.#verified(inner);
      default:
        return this.#named(
          `chain(${inner.name}, ${model.name})`,
          pipe(inner.it, inferText(model.it, this.#ask, this.#limits)),
        );
    }
  }

  #verified(inner: Shape<string>): Shape<string> {
    const { chance } = this.#work;
    const judge = this.#models.any(chance, 1);
    const mender = this.#models.any(chance, 1);
    const check: Workflow<string, boolean> = chance.of(0.5)
      ? map(() => chance.of(0.6))
      : pipe(
          inferJson(judge.it, choice, this.#ask, this.#limits),
          map((label) => label === 'left'),
        );
    const repair = inferText(mender.it, this.#ask, this.#limits);
    const options = { attempts: chance.between(1, 3), ...(chance.of(0.7) && { repair }) };
    return this.#named(
      `verify(${inner.name}, ${judge.name}, ${mender.name}, ${options.attempts})`,
      pipe(inner.it, verify<string>(check, options)),
    );
  }

  #json(): Shape<unknown> {
    const { chance } = this.#work;
    const model = this.#models.any(chance);
    const options = { repairs: chance.between(0, 2), ...this.#limits };
    return this.#named(`inferJson(${model.name}, ${options.repairs})`, inferJson(model.it, record, this.#ask, options));
  }

  #routed<O>(left: Shape<O>, right: Shape<O>): Shape<O> {
    const { chance } = this.#work;
    const model = this.#models.any(chance, 1);
    const select: Workflow<string, 'left' | 'right'> = chance.of(0.5)
      ? map(() => chance.pick(labels))
      : inferJson(model.it, choice, this.#ask, this.#limits);
    const it = route(select, { left: left.it, right: right.it });
    return this.#named(`route(${model.name}, ${left.name}, ${right.name})`, it);
  }

  #stepped<O>(inner: Shape<O>): Shape<O> {
    const { chance } = this.#work;
    const options = chance.of(0.3) ? { deadline: chance.between(20, 400) } : {};
    const fails = chance.of(0.1) ? 'before' : chance.of(0.05) ? 'behind' : 'not';
    const fail = <T>(): Workflow<T, T> =>
      map((_value: T) => {
        throw new Error('a mistake in the workflow');
      });
    const workflow: Workflow<string, O> =
      fails === 'before' ? pipe(fail<string>(), inner.it) : fails === 'behind' ? pipe(inner.it, fail<O>()) : inner.it;
    return this.#named(
      `step(${inner.name}, ${JSON.stringify(options)}, fails ${fails})`,
      step('stretch', workflow, options),
    );
  }

  #admitted<O>(inner: Shape<O>): Shape<O> {
    const { chance } = this.#work;
    const overflow = chance.pick(['hold', 'error', 'drop-oldest', 'drop-newest'] as const);
    const options = { concurrency: chance.between(1, 2), capacity: chance.between(0, 2), overflow };
    const it = admit(inner.it, options);
    this.#work.rooms.push(it.state);
    const count = chance.between(1, 4);
    // Several at once, so that some have to wait, or are turned away.
    const several = (source: Observable<string>) =>
      source.pipe(
        concatMap((input) => Array.from({ length: count }, () => input)),
        it,
      );
    return this.#named(`admit(${inner.name}, ${JSON.stringify(options)})`, several);
  }

  /** One record of all branches. */
  #joined(): Shape<unknown> {
    const { chance } = this.#work;
    const [left, right] = [this.#texts(1), this.#texts(1)];
    const name = `mergeFanOut(${left.name}, ${right.name})`;
    const both = { left: left.it, right: right.it };
    if (chance.of(0.3)) return this.#named(name, mergeFanOut(both, { take: 1 }));
    return this.#named(name, mergeFanOut(both, chance.of(0.5) ? { onError: { left: null } } : {}));
  }

  /** The branches' values as they come. */
  #live(): Shape<unknown> {
    const [left, right, middle] = [this.#events(1), this.#events(1), this.#texts(0)];
    const name = `mergeFanOut(${left.name}, ${right.name}, ${middle.name}, each)`;
    const branches = { left: left.it, right: right.it, middle: middle.it };
    const concurrency = this.#work.chance.between(1, 3);
    return this.#named(name, mergeFanOut(branches, { emit: 'each', concurrency }));
  }
}
