import { BackendError, type FinishEvent, type InferenceEvent, type InferOptions, infer } from 'millrace';
import { onnx } from 'millrace/onnx';
import { lastValueFrom, type Observable, of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { modelFolder, references } from '../support/models.ts';

const tiny = onnx(modelFolder('tiny-llama'));

const ask = (options: InferOptions = {}, prompt = 'Return the number of items.'): Promise<InferenceEvent[]> =>
  lastValueFrom(of(prompt).pipe(infer(tiny, { maxTokens: 24, ...options }), toArray()));

const textOf = (events: readonly InferenceEvent[]): string =>
  events.map((event) => (event.type === 'token' ? event.text : '')).join('');

const finishOf = (events: readonly InferenceEvent[]): FinishEvent => {
  const finish = events.at(-1);
  if (finish?.type !== 'finish') throw new Error(`Expected a finish, received ${finish?.type}`);
  return finish;
};

const failure = (answer: Observable<unknown>): Promise<BackendError> =>
  lastValueFrom(answer).then(
    () => Promise.reject(new Error('Expected a failure, received an answer')),
    (error) => error,
  );

describe('onnx', () => {
  it('writes what the reference wrote, through the chat template', async () => {
    const [, chat] = references('tiny-llama');
    const events = await lastValueFrom(of(chat?.messages ?? []).pipe(infer(tiny, { maxTokens: 100 }), toArray()));
    expect(textOf(events)).toBe(chat?.greedyText);
    expect(finishOf(events)).toMatchObject({
      reason: 'length',
      usage: { input: chat?.promptIds.length, cached: 0, output: 100 },
      served: { backend: 'tiny-llama', model: 'tiny-llama', location: 'device', executionProvider: 'cpu' },
      constraint: 'none',
    });
  });

  it('answers several requests side by side, each as it would alone', async () => {
    const prompts = ['one', 'two words', 'three words more', 'and a fourth, longer than the others'];
    const alone: string[] = [];
    for (const prompt of prompts) alone.push(textOf(await ask({}, prompt)));
    const order: string[] = [];
    const together = await Promise.all(
      prompts.map(async (prompt) => {
        const events: InferenceEvent[] = [];
        await of(prompt)
          .pipe(infer(tiny, { maxTokens: 24 }))
          .forEach((event) => {
            order.push(prompt);
            events.push(event);
          });
        return textOf(events);
      }),
    );
    expect(together).toEqual(alone);
    const firstEnd = Math.min(...prompts.map((prompt) => order.lastIndexOf(prompt)));
    expect(new Set(order.slice(0, firstEnd)).size).toBe(prompts.length);
  });

  it('ends at `maxTokens`', async () => {
    const finish = finishOf(await ask({ maxTokens: 5 }));
    expect(finish.reason).toBe('length');
    expect(finish.usage.output).toBe(5);
  });

  it('ends before a stop text, also where it straddles tokens', async () => {
    const whole = textOf(await ask());
    for (let start = 3; start < whole.length - 6; start += 5) {
      const stop = whole.slice(start, start + 6);
      const events = await ask({ stop: ['never there', stop] });
      expect(textOf(events)).toBe(whole.slice(0, whole.indexOf(stop)));
      expect(finishOf(events).reason).toBe('stop');
    }
  });

  it('gives the same text with the same seed', async () => {
    const hot = { temperature: 1.5 };
    const once = textOf(await ask({ ...hot, seed: 5 }));
    expect(textOf(await ask({ ...hot, seed: 5 }))).toBe(once);
    expect(textOf(await ask({ ...hot, seed: 6 }))).not.toBe(once);
    expect(textOf(await ask(hot))).not.toBe(textOf(await ask(hot)));
  });

  it.each([{ topK: 1 }, { topP: 1e-6 }, { minP: 1 }])('takes the likeliest token with %j', async (limit) => {
    expect(textOf(await ask({ temperature: 2, ...limit }))).toBe(textOf(await ask()));
  });

  it('refuses what it does not honour, by name', async () => {
    const error = await failure(
      tiny.infer({ id: 'r', messages: [{ role: 'user', content: 'x' }], frequencyPenalty: 1 } as never),
    );
    expect(error).toBeInstanceOf(BackendError);
    expect(error.message).toMatch(/received `frequencyPenalty`, which is not honoured/);
    expect(error.retryable).toBe(false);
  });

  it.each(['required', { name: 'search' }] as const)(
    'refuses a `toolChoice` of %j without tools',
    async (toolChoice) => {
      const error = await failure(tiny.infer({ id: 'r', messages: [{ role: 'user', content: 'x' }], toolChoice }));
      expect(error).toBeInstanceOf(BackendError);
      expect(error.message).toMatch(/^Expected `tools` for a `toolChoice` of .+, received none$/);
    },
  );

  it('refuses a request that is no plain data', async () => {
    const schema = { type: 'object', transform: () => 1 };
    const error = await failure(tiny.infer({ id: 'r', messages: [{ role: 'user', content: 'x' }], schema }));
    expect(error).toBeInstanceOf(BackendError);
    expect(error.retryable).toBe(false);
    expect((await ask({ maxTokens: 1 })).at(-1)?.type).toBe('finish');
  });

  it('refuses a value out of range', async () => {
    const error = await failure(tiny.infer({ id: 'r', messages: [{ role: 'user', content: 'x' }], topP: 2 }));
    expect(error).toBeInstanceOf(BackendError);
    expect(error.message).toMatch(/Expected `topP` to be a number above 0 and at most 1, received 2/);
  });

  it('refuses a prompt that is longer than the context, with both lengths', async () => {
    const error = await failure(of('word '.repeat(4000)).pipe(infer(tiny)));
    expect(error).toBeInstanceOf(BackendError);
    expect(error.message).toMatch(
      /the context of tiny-llama, which is 2048 tokens, received \d{4,} tokens: shorten it/,
    );
    expect(error.retryable).toBe(false);
  });

  it('writes no further than the context', async () => {
    const finish = finishOf(await ask({ maxTokens: 5000 }, 'word '.repeat(1003)));
    expect(finish.usage.input).toBeGreaterThan(2000);
    expect(finish.usage.input + finish.usage.output).toBe(2048);
    expect(finish.reason).toBe('length');
  });

  it('leaves the main thread free', async () => {
    const embedded = onnx();
    await lastValueFrom(of('x').pipe(infer(embedded, { maxTokens: 1 })));
    let longest = 0;
    let last = performance.now();
    const clock = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 2);
    const answer = of('word '.repeat(500)).pipe(infer(embedded, { maxTokens: 8 }), toArray());
    const { timing } = finishOf(await lastValueFrom(answer));
    clearInterval(clock);
    expect(longest).toBeLessThan(timing.firstToken / 4);
  });

  it('shares one loaded model among backends of the same folder and options', async () => {
    const folder = modelFolder('tiny-phi3');
    const models = [onnx(folder), onnx(folder, { id: 'other' }), onnx(folder, { threads: 1 })];
    const asked = () =>
      Promise.all(models.map((model) => lastValueFrom(of('x').pipe(infer(model, { maxTokens: 2 }), toArray()))));
    const loads = (await asked()).map((events) => finishOf(events).timing.load);
    for (const load of loads) expect(load).toBeGreaterThan(10);
    const again = (await asked()).map(finishOf);
    expect(again.map(({ timing }) => timing.load)).toEqual([0, 0, 0]);
    expect(again.map(({ served }) => served.backend)).toEqual(['tiny-phi3', 'other', 'tiny-phi3']);
    const late = await lastValueFrom(of('x').pipe(infer(onnx(folder), { maxTokens: 2 }), toArray()));
    expect(finishOf(late).timing.load).toBe(0);
  });

  it('tells how long a request waited for its turn', async () => {
    const events = await Promise.all(Array.from({ length: 12 }, () => ask({ maxTokens: 40 })));
    const queues = events.map((each) => finishOf(each).timing.queue);
    expect(Math.max(...queues.slice(8))).toBeGreaterThan(Math.max(...queues.slice(0, 8)));
    for (const { timing } of events.map(finishOf)) expect(timing.queue).toBeLessThanOrEqual(timing.firstToken);
  });

  it('says which execution provider ran where the first does not work', async () => {
    const model = onnx(modelFolder('tiny-llama'), { executionProviders: ['cuda', 'dml', 'cpu'] });
    expect(model.passedOver).toEqual([]);
    const events = await lastValueFrom(of('x').pipe(infer(model, { maxTokens: 2 }), toArray()));
    expect(finishOf(events).served.executionProvider).toBe('cpu');
    expect(model.passedOver.map(({ executionProvider }) => executionProvider)).toEqual(['cuda', 'dml']);
    for (const { reason } of model.passedOver) expect(reason).not.toBe('');
  });

  it('runs the embedded model where none is named', async () => {
    const events = await lastValueFrom(of('What is the capital of Japan?').pipe(infer(onnx()), toArray()));
    expect(textOf(events)).toContain('Tokyo');
    expect(finishOf(events)).toMatchObject({ reason: 'stop', served: { backend: 'smollm2-135m-instruct' } });
  });
});
