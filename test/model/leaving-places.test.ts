import { hold, infer } from 'millrace';
import { ModelPool, type OnnxBackend, onnx } from 'millrace/onnx';
import { filter, firstValueFrom, lastValueFrom, type OperatorFunction, of, pipe, type Subscription, tap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { modelFolder } from '../support/models.ts';
import { waysToLeave } from '../support/ways-to-leave.ts';

type Place = {
  readonly workflow: OperatorFunction<string, unknown>;
  /** Resolves once the reader is there. */
  readonly reached: () => Promise<unknown>;
  /** Somebody else, who stays when the reader leaves. */
  readonly other?: Subscription;
};

const endless = { maxTokens: 1900, temperature: 1, seed: 5 };

const told = (pool: ModelPool, type: string) =>
  firstValueFrom(pool.events.pipe(filter((event) => event.type === type)));

/** Asks for an answer that goes on and on, and tells when it has begun. */
const beginning = (model: OnnxBackend, then: () => void = () => {}) => {
  let begun = () => {};
  const reached = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const workflow = pipe(
    infer<string>(model, endless),
    tap(() => {
      begun();
      then();
    }),
  );
  return { workflow, reached: () => reached };
};

const places: { readonly [name: string]: (pool: ModelPool) => Promise<Place> | Place } = {
  'a model that loads': (pool) => {
    const loading = told(pool, 'loading');
    return { workflow: infer(onnx(modelFolder('tiny-llama'), { pool })), reached: () => loading };
  },
  'the line for room in the pool': async (pool) => {
    const { workflow, reached } = beginning(onnx(modelFolder('tiny-qwen3'), { pool }));
    const other = of('x').pipe(workflow).subscribe();
    await reached();
    const waiting = told(pool, 'waiting');
    return { workflow: infer(onnx(modelFolder('tiny-llama'), { pool })), reached: () => waiting, other };
  },
  'the line of a model': async (pool) => {
    const model = onnx(modelFolder('tiny-llama'), { pool, cacheTokens: 2000 });
    const { workflow, reached } = beginning(model);
    const other = of('x').pipe(workflow).subscribe();
    await reached();
    return { workflow: infer(model, endless), reached: () => new Promise(setImmediate), other };
  },
  'a prompt': async (pool) => {
    const model = onnx(modelFolder('tiny-llama'), { pool });
    await model.load();
    const prompt = () => 'word '.repeat(1500);
    return { workflow: infer(model, prompt), reached: () => new Promise(setImmediate) };
  },
  'an answer': (pool) => beginning(onnx(modelFolder('tiny-llama'), { pool })),
  'an answer that its reader holds': (pool) => beginning(onnx(modelFolder('tiny-llama'), { pool }), hold),
};

const ways = ['unsubscribe', 'break out of for await', 'the disconnect of a client'] as const;

const requestsOf = (pool: ModelPool) => pool.state().models.reduce((sum, { requests }) => sum + requests, 0);

describe.each(Object.entries(places))('leaving %s', (_, place) => {
  // Every way is tried at every other place in test/leaving.test.ts.
  it.each(ways)('by %s lets go of it, and it answers the next', async (name) => {
    const pool = new ModelPool({ budget: '180 MB', minimumStay: 0 });
    const { workflow, reached, other } = await place(pool);
    const others = other ? 1 : 0;
    const leave = waysToLeave[name](workflow);
    await reached();
    expect(requestsOf(pool)).toBe(others + 1);
    await leave();
    expect(requestsOf(pool)).toBe(others);
    other?.unsubscribe();
    const next = of('x').pipe(infer(onnx(modelFolder('tiny-llama'), { pool }), { maxTokens: 2 }));
    expect(await lastValueFrom(next)).toMatchObject({ type: 'finish' });
    await pool.close();
  });
});
