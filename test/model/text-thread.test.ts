import { Worker } from 'node:worker_threads';
import { infer, type JsonSchema } from 'millrace';
import { onnx } from 'millrace/onnx';
import { lastValueFrom, of, Subscription } from 'rxjs';
import { afterAll, describe, expect, it } from 'vitest';
import type * as Gate from '../../src/backends/onnx/native-gate.ts';
import type * as Text from '../../src/backends/onnx/text-thread.ts';
import { endlessSchema } from '../support/endless-schema.ts';
import { modelFolder } from '../support/models.ts';

const dist = (file: string) => new URL(`../../dist/backends/onnx/${file}`, import.meta.url).href;
// A thread runs what was built.
const { TextThread } = (await import(dist('text-thread.js'))) as typeof Text;
const { NativeGate } = (await import(dist('native-gate.js'))) as typeof Gate;

const messages = [{ role: 'user', content: 'x' }] as const;
const person: JsonSchema = {
  type: 'object',
  properties: { name: { type: 'string' } },
  required: ['name'],
  additionalProperties: false,
};
/** What takes a while to become a grammar. */
const large: JsonSchema = {
  type: 'string',
  format: 'uri',
  pattern: '^https?://[a-z.]+/(\\p{L}+/)*x$',
  maxLength: 300,
};

describe('the text thread of a model', () => {
  const start = (folder = modelFolder('tiny-llama')) => new TextThread({ folder, gate: new NativeGate().memory });
  const text = start();
  // An idle thread keeps no process alive, and here is no model that would.
  const alive = setInterval(() => {}, 1000);
  const ready = text.loaded.then((loaded) => {
    text.begin(2048, new Set([loaded.endId as number]));
    return loaded;
  });
  afterAll(() => clearInterval(alive));

  it('tells what each token writes', async () => {
    const { pieces, endId } = await ready;
    const { promptIds } = await text.plan(1, { id: 'r', messages: [{ role: 'user', content: 'Count to ten' }] });
    expect(promptIds.map((id) => pieces.text(id)).join('')).toContain('Count to ten');
    expect(pieces.text(endId as number)).toMatch(/^<.+>$/);
  });

  it('replies to each token while the thread that waits for it is blocked', async () => {
    await ready;
    const { constraint } = await text.plan(2, { id: 'r', messages, schema: person });
    const forced: number[] = [];
    for (let token = 0; token < 40; token++) {
      constraint?.wait(20_000);
      expect(constraint?.ready).toBe(true);
      forced.push(...(constraint?.forced ?? []));
      if (constraint?.finished) break;
      const word = constraint?.mask.findIndex((each) => each !== 0) as number;
      const bits = constraint?.mask[word] as number;
      constraint?.accept(word * 32 + 31 - Math.clz32(bits & -bits));
    }
    expect(forced.length).toBeGreaterThan(0);
    constraint?.dispose();
  });

  it('lets a request that waits for its plan be withdrawn', async () => {
    await ready;
    const plan = text.plan(3, { id: 'r', messages, schema: large });
    text.withdraw(3);
    await expect(plan).rejects.toThrow(/withdrawal/);
    text.withdraw(3);
    await expect(text.plan(4, { id: 'r', messages })).resolves.toMatchObject({ enforced: false });
  });

  it('fails a request in the words of its error', async () => {
    await ready;
    const plan = text.plan(5, { id: 'r', messages, schema: { enum: [] } });
    await expect(plan).rejects.toThrow(/^Expected a schema that some value satisfies/);
  });

  it('says what is wrong with a folder', async () => {
    await expect(start('/nowhere').loaded).rejects.toThrow(/found no tokenizer.json in it/);
  });
});

describe('a model whose text thread dies', () => {
  it('dies with it, so that no request waits for ever', async () => {
    const folder = modelFolder('tiny-llama');
    const thread = new Worker(
      `const { workerData } = require('node:worker_threads');
       process.once('worker', (text) => text.once('message', () => text.postMessage(null)));
       import(workerData.file);`,
      {
        eval: true,
        workerData: {
          file: dist('worker.js'),
          options: { folder, executionProviders: ['cpu'] },
          gate: new NativeGate().memory,
        },
      },
    );
    const died = new Promise<Error>((resolve) => thread.once('error', resolve));
    thread.postMessage({ type: 'infer', id: 1, request: { id: 'r', messages, maxTokens: 2000 } });
    expect((await died).message).toMatch(/null/);
  });
});

describe('a schema that takes a while to become a grammar', () => {
  it.each([
    ['a free answer', { maxTokens: 1500 }],
    ['one that is held to a schema itself', { maxTokens: 1500, schema: { type: 'string', minLength: 2000 } }],
  ])('holds up no token of %s, and no other request', async (_, options) => {
    const model = onnx(modelFolder('tiny-qwen3'));
    const reading = new Subscription();
    let tokens = 0;
    await new Promise<void>((resolve) => {
      const answer = of('x').pipe(infer(model, { temperature: 1, seed: 3, ...options }));
      reading.add(answer.subscribe(({ type }) => type === 'token' && ++tokens === 20 && resolve()));
    });
    const endless = of('x').pipe(infer(model, { schema: endlessSchema, maxTokens: 1 }));
    const waiting = endless.subscribe();
    const before = tokens;
    for (let turn = 0; turn < 10; turn++) await lastValueFrom(of('y').pipe(infer(model, { maxTokens: 4 })));
    expect(tokens - before).toBeGreaterThan(20);
    expect(waiting.closed).toBe(false);
    reading.unsubscribe();
    waiting.unsubscribe();
  });
});
