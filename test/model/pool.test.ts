import { BackendError, type InferenceEvent, infer, inferText, type RunEvent, route, run, step } from 'millrace';
import { ModelPool, type OnnxOptions, onnx, type PoolEvent } from 'millrace/onnx';
import { filter, firstValueFrom, lastValueFrom, map, of, pipe, type Subscription, share, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { classifyThenRoute } from '../../examples/classify-then-route.ts';
import { modelFolder } from '../support/models.ts';
import { runProgram } from '../support/program.ts';

const cacheTokens = 1024;

/** A pool, two models in it, and what happens there. */
const desk = (budget: number | string, minimumStay?: number) => {
  const pool = new ModelPool({ budget, ...(minimumStay !== undefined && { minimumStay }) });
  const events: PoolEvent[] = [];
  pool.events.subscribe((event) => events.push(event));
  const model = (name: string, options: OnnxOptions = {}) => onnx(modelFolder(name), { pool, cacheTokens, ...options });
  const lines = () => events.map(({ type, model }) => `${type} ${model}`);
  return { pool, events, lines, model, llama: model('tiny-llama'), qwen: model('tiny-qwen3') };
};

const ask = (model: ReturnType<typeof onnx>, maxTokens = 4, prompt = 'x'): Promise<InferenceEvent> =>
  lastValueFrom(of(prompt).pipe(infer(model, { maxTokens })));

/** Resolves once an answer has begun. */
const begun = (model: ReturnType<typeof onnx>): Promise<Subscription> =>
  new Promise((resolve, reject) => {
    const reader: Subscription = of('x')
      .pipe(infer(model, { maxTokens: 800 }))
      .subscribe({ next: () => resolve(reader), error: reject });
  });

const next = (pool: ModelPool, type: PoolEvent['type']) =>
  firstValueFrom(pool.events.pipe(filter((event) => event.type === type)));

describe('a pool of models', () => {
  it('tells what it holds', async () => {
    const { pool, llama } = desk('1 GB');
    expect(pool.state()).toEqual({ budget: 1e9, reserved: 0, models: [] });
    const loading = llama.load();
    await next(pool, 'loading');
    expect(pool.state().models).toMatchObject([{ name: 'tiny-llama', state: 'loading', requests: 1 }]);
    await loading;
    const [model] = pool.state().models;
    expect(model).toMatchObject({
      name: 'tiny-llama',
      folder: modelFolder('tiny-llama'),
      state: 'idle',
      requests: 0,
      executionProvider: 'cpu',
      mode: 'in-place',
      expanded: false,
    });
    expect(model?.threads).toBeGreaterThanOrEqual(1);
    expect(pool.state().reserved).toBe(model?.footprint.total);
    expect(await firstValueFrom(llama.facts())).toMatchObject({ model: 'loaded', memory: { budget: 1e9 } });
    const reader = await begun(llama);
    expect(pool.state().models).toMatchObject([{ state: 'in use', requests: 1 }]);
    reader.unsubscribe();
    expect(pool.state().models).toMatchObject([{ state: 'idle', requests: 0 }]);
    await pool.close();
    expect(pool.state()).toEqual({ budget: 1e9, reserved: 0, models: [] });
  });

  it('loads a model once, whoever asks at the same time, and says why and how long it took', async () => {
    const { pool, events, llama } = desk('1 GB');
    await Promise.all([llama.load(), ask(llama), ask(llama)]);
    expect(events).toMatchObject([
      { type: 'loading', model: 'tiny-llama', reason: 'load' },
      { type: 'loaded', model: 'tiny-llama', reason: 'load' },
    ]);
    expect(events[1]?.type === 'loaded' && events[1].elapsed).toBeGreaterThan(10);
    await pool.close();
  });

  it('runs a workflow of two models that do not fit together', async () => {
    const { pool, lines, llama, qwen } = desk('180 MB', 0);
    const classify = pipe(
      inferText<string>(llama, { maxTokens: 2 }),
      map(() => 'long' as const),
    );
    const workflow = route(step('classify', classify), {
      long: step('answer', inferText<string>(qwen, { maxTokens: 3 })),
    });
    const answers = await lastValueFrom(of('one', 'two').pipe(workflow, toArray()));
    expect(answers).toHaveLength(2);
    expect(lines().filter((line) => line.startsWith('loaded'))).toEqual([
      'loaded tiny-llama',
      'loaded tiny-qwen3',
      'loaded tiny-llama',
      'loaded tiny-qwen3',
    ]);
    expect(lines()).toContain('evicted tiny-llama');
    await pool.close();
  });

  it('runs an example with room for one of its models', async () => {
    const { pool, events, qwen } = desk('600 MB', 0);
    const small = onnx(undefined, { pool, cacheTokens: 2048 });
    const reserved: number[] = [];
    pool.events.subscribe(() => reserved.push(pool.state().reserved));
    const large = onnx(modelFolder('tiny-phi3'), { pool, cacheTokens: 12_288 });
    await qwen.load();
    const question = 'Why do leaves fall?';
    const answers = await lastValueFrom(of(question).pipe(classifyThenRoute.workflow({ small, large }), toArray()));
    expect(answers).toHaveLength(1);
    expect(events.some(({ type }) => type === 'evicted')).toBe(true);
    expect(Math.max(...reserved)).toBeLessThanOrEqual(600e6);
    await pool.close();
  });

  it('answers with a loaded model while another one loads', async () => {
    const { pool, lines, llama, qwen } = desk('1 GB');
    await llama.load();
    const loading = qwen.load();
    await next(pool, 'loading');
    await ask(llama);
    expect(lines()).not.toContain('loaded tiny-qwen3');
    await loading;
    await pool.close();
  });

  it('lets requests wait while the room is in use, and gives their place back when they leave', async () => {
    const { pool, lines, llama, qwen } = desk('180 MB', 0);
    const reader = await begun(llama);
    const waits = of('x').pipe(infer(qwen)).subscribe();
    await next(pool, 'waiting');
    expect(pool.state().models).toMatchObject([
      { name: 'tiny-llama', state: 'in use', requests: 1 },
      { name: 'tiny-qwen3', state: 'waiting', requests: 1 },
    ]);
    waits.unsubscribe();
    expect(pool.state().models).toHaveLength(1);
    const answer = ask(qwen);
    await next(pool, 'waiting');
    reader.unsubscribe();
    expect(await answer).toMatchObject({ type: 'finish', served: { model: 'tiny-qwen3' } });
    expect(lines().filter((line) => line.startsWith('evicted'))).toEqual(['evicted tiny-llama']);
    await pool.close();
  });

  it('refuses at once what can never fit, with the numbers', async () => {
    const { pool, events, llama } = desk('50 MB');
    const error = await ask(llama).catch((reason) => reason);
    expect(error).toBeInstanceOf(BackendError);
    expect(error).toMatchObject({ backend: 'tiny-llama', retryable: false });
    expect(error.message).toMatch(
      /^Expected a model that fits into its pool's budget of 50 MB, received tiny-llama, which takes [\d.]+ MB \(weights [\d.]+ MB, cache .+, runtime [\d.]+ MB\): raise the `budget`/,
    );
    expect(events).toMatchObject([{ type: 'refused', model: 'tiny-llama', budget: 50e6 }]);
    await expect(llama.load()).rejects.toMatchObject({ message: error.message, retryable: false });
    expect(pool.state().models).toEqual([]);
  });

  it('ends what runs and what waits when it is closed, and can be used again', async () => {
    const { pool, model, qwen } = desk('180 MB');
    const llama = model('tiny-llama', { cacheTokens: 8192 });
    const answers = Array.from({ length: 4 }, () => of('x').pipe(infer(llama, { maxTokens: 1900 }), share()));
    const running = answers.map((answer) => lastValueFrom(answer).catch((error) => error));
    await Promise.all(answers.map((answer) => firstValueFrom(answer)));
    const waiting = ask(qwen).catch((error) => error);
    await next(pool, 'waiting');
    await pool.close();
    for (const error of await Promise.all([...running, waiting])) {
      expect(error).toBeInstanceOf(BackendError);
      expect(error).toMatchObject({ retryable: false });
      expect(error.message).toMatch(/^Expected a model to stay until its answer was whole, found its pool closed/);
    }
    expect(pool.state()).toMatchObject({ reserved: 0, models: [] });
    expect(await ask(llama)).toMatchObject({ type: 'finish' });
    await pool.close();
  });

  it('keeps models of other pools apart', async () => {
    const [one, other] = [desk('1 GB'), desk('1 GB')];
    await one.llama.load();
    await other.llama.load();
    expect(other.lines()).toContain('loaded tiny-llama');
    await one.pool.close();
    expect(await ask(other.llama)).toMatchObject({ type: 'finish', timing: { load: 0 } });
    await other.pool.close();
  });

  it('shows in a run which step waits for its model', async () => {
    const { pool, llama } = desk('1 GB');
    const watched = run(step('answer', inferText<string>(llama, { maxTokens: 2 })), 'x');
    const events: RunEvent[] = [];
    watched.events.subscribe((event) => events.push(event));
    await lastValueFrom(watched);
    const loads = events.filter((event) => event.type === 'load');
    expect(loads.map(({ kind, path, model, stage }) => [kind, path, model, stage])).toEqual([
      ['model', ['answer'], 'tiny-llama', 'loading'],
      ['model', ['answer'], 'tiny-llama', 'loaded'],
    ]);
    expect(loads[1]?.elapsed).toBeGreaterThan(loads[0]?.elapsed ?? Number.NaN);
    events.length = 0;
    await lastValueFrom(watched);
    expect(events.filter(({ type }) => type === 'load')).toEqual([]);
    await pool.close();
  });

  it('loads the model of a later step while an earlier one runs', async () => {
    const { pool, events, llama, qwen } = desk('1 GB');
    const workflow = pipe(
      inferText<string>(llama, { maxTokens: 1000 }),
      inferText(qwen, () => 'y', { maxTokens: 2 }),
    );
    await lastValueFrom(run(workflow, 'x', { preload: [qwen] }));
    expect(events.filter(({ type }) => type === 'loading')).toMatchObject([
      { model: 'tiny-llama', reason: 'request' },
      { model: 'tiny-qwen3', reason: 'preload' },
    ]);
    await pool.close();
  });

  it('loads nothing ahead where something would have to give way', async () => {
    const { pool, events, llama, qwen } = desk('180 MB', 0);
    const workflow = pipe(inferText<string>(llama, { maxTokens: 50 }), inferText(qwen, { maxTokens: 2 }));
    await lastValueFrom(run(workflow, 'x', { preload: [qwen] }));
    const loads = events.filter(({ type }) => type === 'loading' || type === 'evicted');
    expect(loads).toMatchObject([
      { type: 'loading', model: 'tiny-llama', reason: 'request' },
      { type: 'evicted', model: 'tiny-llama', for: 'tiny-qwen3' },
      { type: 'loading', model: 'tiny-qwen3', reason: 'request' },
    ]);
    await pool.close();
  });

  it('lets a program end by itself that has used it', async () => {
    const { code, output } = await runProgram(`
      import { inferText } from 'millrace';
      import { ModelPool, onnx } from 'millrace/onnx';
      import { of } from 'rxjs';
      const pool = new ModelPool({ budget: '180 MB', minimumStay: 0 });
      const [llama, qwen] = ['tiny-llama', 'tiny-qwen3'].map((name) => onnx('test/models/' + name, { pool, cacheTokens: 1024 }));
      of('x').pipe(inferText(llama, { maxTokens: 2 }), inferText(qwen, { maxTokens: 2 })).subscribe(() => console.log('answered'));
    `);
    expect({ code, output }).toEqual({ code: 0, output: 'answered\n' });
  });

  it.each([
    ['budget', { budget: '2 G' }],
    ['budget', { budget: 0 }],
    ['minimumStay', { minimumStay: -1 }],
    ['options', { size: 1 }],
    ['options', null],
  ])('refuses %s of %j', (name, options) => {
    expect(() => new ModelPool(options as never)).toThrow(new RegExp(`^Expected .*${name}.*, received `));
  });
});
