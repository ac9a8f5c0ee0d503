import type { JsonSchema } from 'millrace';
import { describe, expect, it } from 'vitest';
import type { SchemaGrammar } from '../../src/backends/onnx/constraint/schema-grammar.ts';
import type * as Translation from '../../src/backends/onnx/constraint/translation-thread.ts';
import { endlessSchema } from '../support/endless-schema.ts';

// A thread runs what was built.
const { TranslationThread } = (await import(
  new URL('../../dist/backends/onnx/constraint/translation-thread.js', import.meta.url).href
)) as typeof Translation;

const source = (schema: JsonSchema) => ({ type: 'schema', schema }) as const;

const made = (thread: Translation.TranslationThread, schema: JsonSchema): Promise<SchemaGrammar> =>
  new Promise((resolve, reject) =>
    thread.translate(source(schema), (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome))),
  );

describe('TranslationThread', () => {
  // An idle thread keeps no process alive.
  const alive = setInterval(() => {}, 1000);
  const thread = new TranslationThread();

  it('makes a grammar, once for all who wait for it, and has it at once for those who come later', async () => {
    const [one, other] = await Promise.all([made(thread, { type: 'integer' }), made(thread, { type: 'integer' })]);
    expect(one).toMatchObject({ unenforced: [], dead: [] });
    expect(one.grammar).toContain('root ::=');
    expect(other).toBe(one);
    let later: SchemaGrammar | Error | undefined;
    const leave = thread.translate(source({ type: 'integer' }), (outcome) => {
      later = outcome;
    });
    expect(later).toBe(one);
    expect(leave).toBeUndefined();
  });

  it('fails with the words of what is wrong with a schema, and goes on', async () => {
    const wrong = made(thread, { enum: [] });
    const right = made(thread, { const: 3 });
    await expect(wrong).rejects.toThrow(/^Expected a schema that some value satisfies/);
    await expect(right).resolves.toMatchObject({ unenforced: [] });
  });

  it('ends what takes too long, and goes on', async () => {
    const hasty = new TranslationThread(300);
    const late = made(hasty, endlessSchema);
    const next = made(hasty, { const: 4 });
    await expect(late).rejects.toThrow('Expected a schema that becomes a grammar within 0.3 seconds');
    await expect(next).resolves.toMatchObject({ unenforced: [] });
  });

  it('ends what nobody waits for any more', async () => {
    const outcomes: unknown[] = [];
    const take = (outcome: unknown) => outcomes.push(outcome);
    const [one, other] = [0, 1].map(() => thread.translate(source(endlessSchema), take));
    const start = performance.now();
    const next = made(thread, { const: 5 });
    one?.();
    other?.();
    await next;
    expect(performance.now() - start).toBeLessThan(5000);
    expect(outcomes).toEqual([]);
    clearInterval(alive);
  });
});
