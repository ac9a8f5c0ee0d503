import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BackendError, infer } from 'millrace';
import { type OnnxOptions, onnx } from 'millrace/onnx';
import { lastValueFrom, of } from 'rxjs';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { countingData, countingGraph } from '../support/counting-graph.ts';
import { installMillrace } from '../support/install-millrace.ts';
import { modelFolder } from '../support/models.ts';
import { runProgram } from '../support/program.ts';

const temporary = mkdtempSync(join(tmpdir(), 'millrace-'));
afterAll(() => rmSync(temporary, { recursive: true }));

let copies = 0;
let folder = '';
beforeEach(() => {
  folder = join(temporary, `model-${copies++}`);
  cpSync(modelFolder('tiny-llama'), folder, { recursive: true });
});

const path = (file: string) => join(folder, file);
const graph = 'onnx/model.onnx';

/** Cuts a file off. */
const cut = (file: string, share = 0.5) =>
  truncateSync(path(file), Math.floor(readFileSync(path(file)).length * share));

const failure = async (options: OnnxOptions = {}): Promise<BackendError> => {
  const error = await lastValueFrom(of('x').pipe(infer(onnx(folder, options), { maxTokens: 2 }))).catch((e) => e);
  expect(error).toBeInstanceOf(BackendError);
  expect(error.retryable).toBe(false);
  return error;
};

describe('onnx on a folder that is no whole model', () => {
  it('says where it looked', async () => {
    rmSync(folder, { recursive: true });
    expect((await failure()).message).toBe(
      `Expected the folder of a model, looked at ${folder} and found nothing: give the path of a folder with config.json, tokenizer.json and onnx/*.onnx, or leave it out for the embedded model`,
    );
  });

  it('says that it found a file', async () => {
    folder = path('config.json');
    expect((await failure()).message).toContain(`looked at ${folder} and found a file`);
  });

  it.each(['config.json', 'tokenizer.json'])('names %s where it is missing', async (file) => {
    rmSync(path(file));
    expect((await failure()).message).toMatch(
      new RegExp(`^Expected ${folder} to hold a model, found no ${file} in it`),
    );
  });

  it('names the .onnx file where there is none', async () => {
    rmSync(path(graph));
    expect((await failure()).message).toContain(
      `Expected ${path('onnx')} to hold model.onnx or model_<dtype>.onnx, found no .onnx file`,
    );
  });

  it('names the .onnx file of a `dtype` that is not there, and those that are', async () => {
    expect((await failure({ dtype: 'q4' })).message).toContain(
      `Expected ${path('onnx')} to hold model_q4.onnx, found model.onnx: name another \`dtype\` or add the file`,
    );
  });

  it.each(['config.json', 'tokenizer.json', 'tokenizer_config.json', 'generation_config.json'])(
    'says that %s is damaged where it breaks off',
    async (file) => {
      cut(file);
      const { message } = await failure();
      expect(message).toMatch(new RegExp(`^Expected ${path(file)} to be whole, found it damaged \\(.+JSON`));
      expect(message).toMatch(/copy or download it again$/);
    },
  );

  it.each(['{}', '[]', '{"model":{"type":"BPE"}}'])(
    'says that tokenizer.json is damaged where it is %s',
    async (text) => {
      writeFileSync(path('tokenizer.json'), text);
      expect((await failure()).message).toContain(`Expected ${path('tokenizer.json')} to be whole, found it damaged`);
    },
  );

  it.each([
    ['breaks off', () => cut(graph)],
    ['is empty', () => writeFileSync(path(graph), '')],
    ['is something else', () => writeFileSync(path(graph), 'version https://git-lfs.github.com/spec/v1')],
  ])('says that the .onnx file is damaged where it %s', async (_, damage) => {
    damage();
    const { message } = await failure();
    expect(message).toContain(`Expected ${path(graph)} to be whole, found it damaged (`);
    expect(message).toMatch(/copy or download it again$/);
  });

  it('says which weights are missing beside the .onnx file', async () => {
    writeFileSync(path(graph), countingGraph({ data: ['model.onnx_data'] }));
    expect((await failure()).message).toBe(
      `Expected the weights ${path(`${graph}_data`)} beside model.onnx, found no such file: add it`,
    );
    const config = JSON.parse(readFileSync(path('config.json'), 'utf8'));
    config['transformers.js_config'] = { use_external_data_format: { 'model.onnx': 2 } };
    writeFileSync(path('config.json'), JSON.stringify(config));
    writeFileSync(path(`${graph}_data`), countingData());
    expect((await failure()).message).toBe(
      `Expected the weights ${path(`${graph}_data_1`)} beside model.onnx, found no such file: add it`,
    );
  });

  it('says that weights beside the .onnx file are damaged where they break off', async () => {
    writeFileSync(path(graph), countingGraph({ data: ['model.onnx_data'] }));
    writeFileSync(path(`${graph}_data`), countingData());
    await lastValueFrom(of('x').pipe(infer(onnx(folder), { maxTokens: 1 })));
    folder = join(temporary, 'short-weights');
    cpSync(path(`../model-${copies - 1}`), folder, { recursive: true });
    truncateSync(path(`${graph}_data`), 4);
    expect((await failure()).message).toMatch(
      /model\.onnx to be whole, found it damaged \(.+ copy or download it again$/,
    );
  });

  it.each([
    [{ input: 'pixel_values' }, 'an input `pixel_values`, which Millrace does not know'],
    [{ stateless: true }, 'no cache inputs `past_key_values.*`'],
  ])('refuses an architecture with %j by name', async (options, found) => {
    writeFileSync(path(graph), countingGraph(options));
    const { message } = await failure();
    expect(message).toContain(`found ${found}: an export of llama like this one is not supported`);
  });

  it('names every execution provider and its reason where none works', async () => {
    const { message } = await failure({ executionProviders: ['cuda', 'coreml'] });
    expect(message).toMatch(/^Expected one of the execution providers cuda, coreml to open the model, found none/);
    expect(message).toMatch(/cuda: \S+.*; coreml: \S+/);
  });

  it('tries again at the next request', async () => {
    const whole = readFileSync(path('config.json'));
    cut('config.json');
    const model = onnx(folder);
    const ask = () => lastValueFrom(of('x').pipe(infer(model, { maxTokens: 1 })));
    await expect(Promise.all([ask(), ask()])).rejects.toThrow(/config.json to be whole/);
    writeFileSync(path('config.json'), whole);
    await expect(ask()).resolves.toMatchObject({ type: 'finish' });
  });

  it('looks for nothing before the first request', () => {
    expect(onnx('/nowhere/at all').id).toBe('at all');
  });
});

describe('onnx without the packages that it runs models with', () => {
  const install = (...names: readonly string[]): string => installMillrace(temporary, names);

  const ask = (place: string, model: string) =>
    runProgram(
      `import { onnx } from 'millrace/onnx';
       onnx(${model}).infer({ id: 'r', messages: [{ role: 'user', content: 'x' }] }).subscribe({
         error: ({ name, retryable, message }) => console.log(name, retryable, message),
       });`,
      place,
    );

  it.each([
    ['@huggingface/transformers', ['onnxruntime-node']],
    ['onnxruntime-node', ['@huggingface/transformers']],
  ])('names %s and how to install it', async (missing, present) => {
    const { output, code } = await ask(install(...present), JSON.stringify(folder));
    expect(output).toBe(
      `BackendError false Expected the package ${missing} beside millrace, which runs models with it, found none: npm install ${missing}\n`,
    );
    expect(code).toBe(0);
  });

  it('names the package of the embedded model', async () => {
    const { output } = await ask(install(), '');
    expect(output).toMatch(/^BackendError false Expected the package @millrace\/smollm2-135m-instruct, .* npm install/);
  });
});

describe('onnx', () => {
  it.each([
    [[42], 'Expected the model of onnx to be the path of a folder, an alias, or an id of the hub, received 42'],
    [[''], 'Expected the model of onnx to be the path of a folder, an alias, or an id of the hub, received ""'],
    [['x', { dtyp: 'q4' }], /Expected the options of onnx to be among .*, received `dtyp`/],
    [['x', { dtype: 'q5' }], /Expected `dtype` to be one of fp32, .*, received "q5"/],
    [['x', { threads: 0 }], 'Expected `threads` to be a whole number of at least 1, received 0'],
    [['x', { id: '' }], 'Expected `id` to be a text that is not empty, received ""'],
    [['x', { revision: '' }], 'Expected `revision` to be a text that is not empty, received ""'],
    [['x', { revision: 'refs/../x' }], 'Expected `revision` to be a branch, a tag or a commit, received "refs/../x"'],
    [['x', { cacheDir: 1 }], 'Expected `cacheDir` to be a text that is not empty, received 1'],
    [['x', { modelsDir: '' }], 'Expected `modelsDir` to be a text that is not empty, received ""'],
    [['x', { allowDownload: 'yes' }], 'Expected `allowDownload` to be true or false, received "yes"'],
    [['x', { executionProviders: [] }], 'Expected `executionProviders` to be a list that is not empty'],
    [
      ['x', { executionProviders: ['gpu'] }],
      /Expected an execution provider to be one of cpu, cuda, .*, received "gpu"/,
    ],
    [['x', 'fast'], 'Expected the options of onnx to be an object, received "fast"'],
  ])('refuses %j when it is made', (given, message) => {
    expect(() => (onnx as (...given: readonly unknown[]) => unknown)(...given)).toThrow(message);
  });
});
