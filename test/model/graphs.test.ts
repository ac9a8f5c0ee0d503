import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FinishEvent, type InferenceEvent, infer } from 'millrace';
import { type OnnxOptions, onnx } from 'millrace/onnx';
import { lastValueFrom, of, tap } from 'rxjs';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type CountingGraphOptions, countingData, countingGraph } from '../support/counting-graph.ts';
import { modelFolder, readTokenizer, references } from '../support/models.ts';

const temporary = mkdtempSync(join(tmpdir(), 'millrace-graphs-'));
afterAll(() => rmSync(temporary, { recursive: true }));

let folders = 0;
let folder = '';
beforeEach(() => {
  folder = join(temporary, `model-${folders++}`);
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'generation_config.json']) {
    cpSync(join(modelFolder('tiny-llama'), name), join(folder, name));
  }
  change('config.json', { vocab_size: 2048, num_key_value_heads: 1, head_dim: 1 });
});

const change = (file: string, changes: object) => {
  const path = join(folder, file);
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...changes }));
};
const save = (options: CountingGraphOptions, name = 'model.onnx') => {
  writeFileSync(join(folder, 'onnx', name), countingGraph(options));
  for (const [index, file] of (options.data ?? []).entries()) {
    writeFileSync(join(folder, 'onnx', file), countingData(index));
  }
};

const ask = async (options: OnnxOptions = {}, maxTokens = 6) => {
  const tokens: string[] = [];
  const collect = tap((event: InferenceEvent) => event.type === 'token' && tokens.push(event.text));
  const events = of('Count on.').pipe(infer(onnx(folder, options), { maxTokens }), collect);
  return { text: () => tokens.join(''), finish: (await lastValueFrom(events)) as FinishEvent };
};

const vocabulary: { [token: string]: number } = (readTokenizer('tiny-llama') as never as { model: { vocab: never } })
  .model.vocab;
const pieces = new Map(Object.entries(vocabulary).map(([token, id]) => [id, token]));
const textOf = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => pieces.get(first + index) ?? '')
    .join('')
    .replaceAll('Ġ', ' ');

/** What the model writes after the last token of the prompt, which is the same for all graphs that count tokens. */
const counted = async () => {
  save({});
  const { text, finish } = await ask();
  expect(finish.usage.output).toBe(6);
  return text();
};

describe('onnx on a graph', () => {
  it.each<[string, CountingGraphOptions]>([
    ['scores of the last tokens only, as a list', { keeps: true }],
    ['scores of the last tokens only, as a number', { keeps: 'number' }],
    ['its weights in a file beside it', { data: ['model.onnx_data'] }],
    ['its weights in three files', { data: ['model.onnx_data', 'model.onnx_data_1', 'weights.bin'] }],
    ['a cache in half precision', { half: true }],
    ['a cache of open sizes', { open: true }],
    ['all of it at once', { keeps: 'number', data: ['a.bin', 'b.bin'], half: true, open: true }],
  ])('with %s writes what the plain one writes', async (_, options) => {
    const expected = await counted();
    rmSync(join(folder, 'onnx/model.onnx'));
    save(options, 'model_q4.onnx');
    expect((await ask({ dtype: 'q4' })).text()).toBe(expected);
  });

  it('with `position_ids` tells it the positions', async () => {
    save({ positions: true });
    const { text, finish } = await ask();
    expect(text()).toBe(textOf(finish.usage.input, 6));
  });

  it.each([
    ['generation_config.json', 'stop'],
    ['config.json', 'stop'],
  ])('ends at any of the ids that %s names', async (file, reason) => {
    save({ positions: true });
    const { finish } = await ask();
    change(file, { eos_token_id: [2047, finish.usage.input + 3, 2046] });
    const ended = await ask({ dtype: 'fp32', id: file });
    expect(ended.text()).toBe(textOf(finish.usage.input, 3));
    expect(ended.finish.reason).toBe(reason);
  });

  it('with a sliding window writes what the reference writes beyond the window', async () => {
    const window = JSON.parse(readFileSync(join(modelFolder('tiny-gemma3'), 'config.json'), 'utf8')).sliding_window;
    const reference = references('tiny-gemma3').find(({ chat, promptIds }) => chat && promptIds.length + 100 > window);
    const asking = of(reference?.messages ?? []).pipe(infer(onnx(modelFolder('tiny-gemma3')), { maxTokens: 100 }));
    const { messages, usage } = (await lastValueFrom(asking)) as FinishEvent;
    expect(usage.input + usage.output).toBeGreaterThan(window);
    expect(reference?.greedyText.startsWith(messages.at(-1)?.content ?? '-')).toBe(true);
  });

  it('refuses an operator that the runtime has not, by its name', async () => {
    save({ operator: 'Imagine' });
    await expect(ask()).rejects.toThrow(
      `Expected ${join(folder, 'onnx/model.onnx')} to be made of operators that ONNX Runtime has, found \`Imagine\`: take another export of the model, or a newer onnxruntime-node`,
    );
  });

  it('refuses weights behind a link out of the folder, which the runtime does not follow', async () => {
    save({ data: ['model.onnx_data'] });
    const elsewhere = join(temporary, `weights-${folders}`);
    cpSync(join(folder, 'onnx/model.onnx_data'), elsewhere);
    rmSync(join(folder, 'onnx/model.onnx_data'));
    symlinkSync(elsewhere, join(folder, 'onnx/model.onnx_data'));
    await expect(ask()).rejects.toThrow(
      /model\.onnx_data to lie beside model.onnx, found a link to .*: put a copy in its place$/,
    );
  });

  it('says in `finish.served` which execution providers were passed over, and why', async () => {
    save({});
    const { finish } = await ask({ executionProviders: ['coreml', 'dml', 'cpu'] });
    expect(finish.served).toMatchObject({ executionProvider: 'cpu' });
    expect(finish.served.passedOver?.map(({ executionProvider }) => executionProvider)).toContain(
      process.platform === 'win32' ? 'coreml' : 'dml',
    );
    for (const { reason } of finish.served.passedOver ?? []) expect(reason).not.toBe('');
  });
});
