import {
  BackendError,
  type FinishEvent,
  type InferenceEvent,
  type InferOptions,
  infer,
  type JsonSchema,
} from 'millrace';
import { type OnnxBackend, onnx } from 'millrace/onnx';
import { lastValueFrom, of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { modelFolder } from '../support/models.ts';

const embedded = onnx();
/** Random weights: what it writes is right only as far as it is held to it. */
const random = onnx(modelFolder('tiny-gemma3'));

const ask = async (model: OnnxBackend, prompt: string, options: InferOptions) => {
  const events: InferenceEvent[] = await lastValueFrom(of(prompt).pipe(infer(model, options), toArray()));
  const text = events.map((event) => (event.type === 'token' ? event.text : '')).join('');
  return { text, finish: events.at(-1) as FinishEvent, events };
};

const person: JsonSchema = {
  type: 'object',
  properties: { name: { type: 'string', maxLength: 30 }, age: { type: 'integer', minimum: 0, maximum: 150 } },
  required: ['name', 'age'],
  additionalProperties: false,
};

describe('onnx with a schema', () => {
  it('answers with what the schema asks for', async () => {
    const { text, finish } = await ask(embedded, 'Extract: "Maria Lopez is 34 years old and lives in Madrid."', {
      schema: person,
    });
    expect(JSON.parse(text)).toEqual({ name: 'Maria Lopez', age: 34 });
    expect(finish).toMatchObject({ reason: 'stop', constraint: 'enforced' });
  });

  it('lets a model of random weights write nothing else', async () => {
    const schemas = [
      person,
      { type: 'array', items: { enum: ['a', 'b'] }, maxItems: 3 },
      { type: 'integer', maximum: 99 },
    ];
    const answers = await Promise.all(
      schemas.flatMap((schema) =>
        [1, 2, 3].map((seed) => ask(random, 'x', { schema, seed, temperature: 1.5, maxTokens: 400 })),
      ),
    );
    for (const { text, finish } of answers) {
      expect(() => JSON.parse(text), text).not.toThrow();
      expect(finish).toMatchObject({ reason: 'stop', constraint: 'enforced' });
    }
  });

  it('says which keywords it does not hold', async () => {
    expect(embedded.unenforced(person)).toEqual([]);
    const loose = { type: 'object', properties: { a: { type: 'array', uniqueItems: true, items: {} } } };
    const unenforced = embedded.unenforced(loose);
    const { finish } = await ask(random, 'x', { schema: loose, maxTokens: 5 });
    expect(finish.constraint).toBe(unenforced.length === 0 ? 'enforced' : 'none');
  });

  it('says that the answer is cut where it reaches `maxTokens`', async () => {
    const { text, finish } = await ask(embedded, 'Tell me about a person.', { schema: person, maxTokens: 4 });
    expect(finish).toMatchObject({ reason: 'length', usage: { output: 4 }, constraint: 'none' });
    expect(() => JSON.parse(text)).toThrow();
  });

  it('does not call an answer enforced that a stop text cut off', async () => {
    const { finish } = await ask(embedded, 'Tell me about a person.', { schema: person, stop: ['name'] });
    expect(finish).toMatchObject({ reason: 'stop', constraint: 'none' });
  });

  it('refuses a schema that nothing satisfies, and goes on', async () => {
    const asked = ask(random, 'x', { schema: { type: 'string', enum: [1] } });
    await expect(asked).rejects.toThrow(BackendError);
    await expect(asked).rejects.toMatchObject({
      retryable: false,
      message: expect.stringMatching(/^Expected a schema/),
    });
    expect((await ask(random, 'x', { maxTokens: 2 })).finish.usage.output).toBe(2);
  });
});

describe('onnx with a schema that lists its values', () => {
  const sentiment = { type: 'string', enum: ['positive', 'negative'] } as const;

  it.each([
    ['I loved every minute of this film.', '"positive"'],
    ['Terrible service, I will never come back.', '"negative"'],
  ])('takes the likeliest: %s', async (review, expected) => {
    const { text, finish } = await ask(embedded, review, { schema: sentiment });
    expect(text).toBe(expected);
    expect(finish).toMatchObject({ reason: 'stop', constraint: 'enforced' });
  });

  it('streams what it has chosen as tokens', async () => {
    const { events, finish } = await ask(embedded, 'I loved it.', { schema: sentiment });
    const tokens = events.filter(({ type }) => type === 'token');
    expect(tokens.length).toBeGreaterThan(1);
    expect(finish.usage.output).toBe(tokens.length);
  });

  it('draws among the values by their probability above a temperature of 0', async () => {
    const draw = (seed: number) => ask(random, 'x', { schema: { enum: [1, 2, 3] }, temperature: 3, seed });
    const seeds = Array.from({ length: 30 }, (_, seed) => seed);
    const texts = (await Promise.all(seeds.map(draw))).map(({ text }) => text);
    expect([...new Set(texts)].sort()).toEqual(['1', '2', '3']);
    expect((await draw(7)).text).toBe(texts[7]);
  });

  it('gives values as JSON', async () => {
    const { text } = await ask(random, 'x', { schema: { enum: [null, true, 12, 'a "b" \\ é'] } });
    expect([null, true, 12, 'a "b" \\ é']).toContainEqual(JSON.parse(text));
    expect((await ask(random, 'x', { schema: { const: 'a "b" \\ é' } })).text).toBe('"a \\"b\\" \\\\ é"');
  });

  it('cuts a value at `maxTokens` and at a stop text', async () => {
    const schema = { const: 'a rather long value that takes many tokens' };
    const cut = await ask(random, 'x', { schema, maxTokens: 3 });
    expect(cut.finish).toMatchObject({ reason: 'length', usage: { output: 3 } });
    expect((await ask(random, 'x', { schema, stop: [' long'] })).text).toBe('"a rather');
  });
});
