import type { InferenceRequest, JsonSchema } from 'millrace';
import { beforeEach, describe, expect, it } from 'vitest';
import { ChatTemplate } from '../../../src/backends/onnx/chat-template.ts';
import { GrammarCompiler } from '../../../src/backends/onnx/constraint/grammar-compiler.ts';
import type { SchemaGrammar } from '../../../src/backends/onnx/constraint/schema-grammar.ts';
import { SharedConstraint } from '../../../src/backends/onnx/constraint/shared-constraint.ts';
import { SharedReply } from '../../../src/backends/onnx/constraint/shared-reply.ts';
import { translate } from '../../../src/backends/onnx/constraint/translate.ts';
import type { TakeGrammar } from '../../../src/backends/onnx/constraint/translation-thread.ts';
import { readVocabulary } from '../../../src/backends/onnx/constraint/vocabulary.ts';
import { Recent } from '../../../src/backends/onnx/recent.ts';
import type { TextReport } from '../../../src/backends/onnx/text-protocol.ts';
import { TextServer, type Translator } from '../../../src/backends/onnx/text-server.ts';
import { Tokenizer } from '../../../src/backends/onnx/tokenizer.ts';
import { allows } from '../../support/byte-vocabulary.ts';
import { modelFolder } from '../../support/models.ts';

const size = 2048;
const tokenizer = await Tokenizer.load(modelFolder('tiny-qwen3'));
const compiler = new GrammarCompiler(readVocabulary(tokenizer.pieces, size, [1]), (before, text) =>
  tokenizer.encodeAfter(before, text),
);

const person: JsonSchema = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name', 'age'],
  additionalProperties: false,
};

/** Makes grammars at once, and keeps them. */
const known = new Recent<SchemaGrammar>(64);
const translator: Translator = {
  translate: (source, take) => {
    try {
      take(known.get(JSON.stringify(source), () => translate(source)));
    } catch (error) {
      take(error as Error);
    }
    return undefined;
  },
};

const request = (options: Partial<InferenceRequest> = {}): InferenceRequest => ({
  id: 'r',
  messages: [{ role: 'user', content: 'x' }],
  ...options,
});

describe('TextServer', () => {
  let server: TextServer;
  let reports: TextReport[];

  beforeEach(() => {
    reports = [];
    const model = { tokenizer, template: new ChatTemplate(tokenizer), grammars: () => compiler };
    server = new TextServer(model, size, translator, (report) => reports.push(report));
  });

  const plan = (id: number, options?: Partial<InferenceRequest>) =>
    server.take({ type: 'plan', id, request: request(options) });

  const turns = async (count: number) => {
    for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
  };

  /** A request that is planned, and its constraint. */
  const constrained = async (id: number, schema: JsonSchema) => {
    plan(id, { schema });
    await turns(2);
    const report = reports.find((each) => each.type === 'planned' && each.id === id);
    if (report?.type !== 'planned' || !report.constraint) throw new Error(`Expected a constraint: ${reports.length}`);
    return new SharedConstraint(
      new SharedReply(report.constraint),
      (token) => server.take({ type: 'accept', id, token }),
      () => server.take({ type: 'leave', id }),
    );
  };

  const text = (ids: readonly number[]) => ids.map((id) => tokenizer.pieces.text(id)).join('');

  it('plans in the order in which it is asked, one request at a time', async () => {
    plan(1);
    plan(2);
    await turns(1);
    expect(reports.map((report) => report.type === 'planned' && report.id)).toEqual([1]);
    await turns(1);
    expect(reports.map((report) => report.type === 'planned' && report.id)).toEqual([1, 2]);
    expect(server.size).toBe(0);
  });

  it('tells the prompt before it compiles the grammar', async () => {
    plan(1, { schema: person });
    await turns(1);
    const [report] = reports;
    if (report?.type !== 'planned' || !report.constraint) throw new Error('Expected a plan with a constraint');
    expect(report.plan).toMatchObject({ enforced: true, parser: {} });
    expect(text(report.plan.promptIds)).toContain('JSON Schema');
    const reply = new SharedReply(report.constraint);
    expect(reply.number).toBe(0);
    await turns(1);
    expect(reply.number).toBe(1);
  });

  it('answers each token with what follows in any case and the mask behind it', async () => {
    const constraint = await constrained(1, person);
    expect(text(constraint.forced)).toBe('{"name":');
    const quote = tokenizer.encodeAfter(undefined, ' "')[0] as number;
    expect(allows(constraint.mask, quote)).toBe(true);
    const name = tokenizer.encodeAfter(undefined, 'Ada').at(-1) as number;
    expect(allows(constraint.mask, name)).toBe(false);
    constraint.accept(quote);
    expect(constraint.ready).toBe(true);
    expect(constraint.forced).toEqual([]);
    expect(allows(constraint.mask, name)).toBe(true);
    constraint.accept(tokenizer.encodeAfter(quote, '"')[0] as number);
    expect(text(constraint.forced)).toBe(', "age":');
  });

  it('is finished where the text is whole', async () => {
    const constraint = await constrained(1, { type: 'array', items: { const: 'x' }, minItems: 1, maxItems: 1 });
    expect(text(constraint.forced)).toBe('["x"]');
    expect(constraint.finished).toBe(true);
  });

  it('goes on with other answers while one waits', async () => {
    const [one, other] = [await constrained(1, person), await constrained(2, person)];
    const quote = tokenizer.encodeAfter(undefined, ' "')[0] as number;
    other.accept(quote);
    expect([one.ready, other.ready]).toEqual([true, true]);
    one.accept(quote);
    expect(one.mask).toEqual(other.mask);
  });

  it('fails a request with the words of its error, and goes on', async () => {
    plan(1, { schema: { type: 'string', enum: [1] } });
    plan(2, { tools: [{ name: 'f', parameters: {} }], schema: {} });
    plan(3);
    await turns(3);
    expect(reports).toMatchObject([
      { type: 'failed', id: 1, error: { message: expect.stringMatching(/^Expected a schema that some value/) } },
      { type: 'failed', id: 2, error: { message: expect.stringMatching(/^Expected a request with `tools` or/) } },
      { type: 'planned', id: 3 },
    ]);
    expect(server.size).toBe(0);
  });

  it('fails a request whose grammar cannot be made, or whose token does not fit', async () => {
    plan(1, { tools: [{ name: 'f', parameters: { $ref: '#/$defs/missing' } }], toolChoice: 'required' });
    await turns(2);
    expect(reports).toMatchObject([
      { type: 'failed', error: { message: expect.stringMatching(/^Expected .*missing/) } },
    ]);
    const constraint = await constrained(2, person);
    constraint.accept(0);
    expect(() => constraint.forced).toThrow('Expected a token that the mask allows, received 0');
  });

  it('goes on with others while a grammar is made, and leaves it with the request', async () => {
    const making = new Map<string, TakeGrammar>();
    const left: string[] = [];
    const slow: Translator = {
      translate: (source, take) => {
        const key = JSON.stringify(source);
        making.set(key, take);
        return () => left.push(key);
      },
    };
    const model = { tokenizer, template: new ChatTemplate(tokenizer), grammars: () => compiler };
    server = new TextServer(model, size, slow, (report) => reports.push(report));
    for (const [id, schema] of [person, { type: 'integer' }].entries()) plan(id, { schema });
    plan(7);
    await turns(3);
    expect(reports).toMatchObject([{ type: 'planned', id: 7 }]);
    expect(server.size).toBe(2);
    const [first, second] = [...making] as [[string, TakeGrammar], [string, TakeGrammar]];
    first[1](translate({ type: 'schema', schema: person }));
    await turns(2);
    expect(reports.at(-1)).toMatchObject({ type: 'planned', id: 0, plan: { enforced: true } });
    server.take({ type: 'leave', id: 1 });
    expect(left).toEqual([second[0]]);
    expect(server.size).toBe(1);
  });

  it('keeps nothing of a request that leaves, whenever that is', async () => {
    plan(1);
    server.take({ type: 'leave', id: 1 });
    await turns(2);
    expect(reports).toEqual([]);
    plan(2, { schema: person });
    await turns(1);
    server.take({ type: 'leave', id: 2 });
    await turns(2);
    expect(server.size).toBe(0);
    const constraint = await constrained(3, person);
    expect(server.size).toBe(1);
    constraint.dispose();
    expect(server.size).toBe(0);
    constraint.accept(0);
    expect(constraint.ready).toBe(false);
  });

  it('plans the same schema at no cost, and the same tools', async () => {
    const alternatives = (seed: number) =>
      Array.from({ length: 300 }, (_, n) => ({
        type: 'object',
        properties: { [`key${seed}${n}`]: { type: 'string', pattern: `^[a-f]{${n + 1}}[0-9]+x$` } },
        required: [`key${seed}${n}`],
      }));
    const schema = { anyOf: alternatives(1) };
    const tools = [{ name: 'f', parameters: { anyOf: alternatives(2) } }];
    for (const [id, options] of [
      [1, { schema }],
      [2, { tools, toolChoice: 'required' }],
    ] as const) {
      const times: number[] = [];
      for (const again of [0, 1]) {
        const start = performance.now();
        plan(id + 10 * again, structuredClone(options));
        while (!reports.some((report) => report.type === 'planned' && report.id === id + 10 * again)) await turns(1);
        await turns(1);
        times.push(performance.now() - start);
      }
      const [first, second] = times as [number, number];
      expect(second).toBeLessThan(first / 3);
    }
  });
});
