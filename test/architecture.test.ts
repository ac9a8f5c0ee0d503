import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../src/', import.meta.url));

const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
    const specifiers = [...code.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] as string);
    const imports = specifiers.map((name) => (name.startsWith('.') ? normalize(join(dirname(path), name)) : name));
    return { path, text, code, imports };
  });

const within = (folder: string) => sources.filter(({ path }) => path.startsWith(folder));
const imported = (folder: string) =>
  within(folder).flatMap(({ path, imports }) => imports.map((name) => ({ path, name })));
const local = (name: string) => name.endsWith('.ts');

describe('the architecture', () => {
  it('finds the sources', () => {
    expect(within('runtime/').length).toBeGreaterThan(10);
    expect(imported('operators/').length).toBeGreaterThan(10);
  });

  it('lets the runtime import nothing above it', () => {
    const strays = imported('runtime/').filter(({ name }) => local(name) && !name.startsWith('runtime/'));
    expect(strays).toEqual([]);
  });

  it('lets operators import operators and the runtime only', () => {
    const allowed = (name: string) => name.startsWith('operators/') || name.startsWith('runtime/');
    expect(imported('operators/').filter(({ name }) => local(name) && !allowed(name))).toEqual([]);
  });

  it.each(['backends/onnx/', 'backends/openai/', 'backends/scripted.ts', 'readers/'])(
    'lets %s import itself and the runtime only',
    (backend) => {
      const allowed = (name: string) => name.startsWith(backend) || name.startsWith('runtime/');
      expect(imported(backend).filter(({ name }) => local(name) && !allowed(name))).toEqual([]);
    },
  );

  it('lets nobody import the command line', () => {
    const strays = imported('').filter(
      ({ path, name }) => name.startsWith('commands/') && !path.startsWith('commands/'),
    );
    expect(strays).toEqual([]);
  });

  it('keeps Node out of the runtime, the operators and the readers', () => {
    const ofNode = (name: string) => name.startsWith('node:') || builtinModules.includes(name);
    const strays = ['runtime/', 'operators/', 'readers/'].flatMap(imported).filter(({ name }) => ofNode(name));
    expect(strays.filter(({ path }) => !path.endsWith('.node.ts'))).toEqual([]);
  });

  it.each([
    ['ajv', ['runtime/schema/schema-libraries.ts']],
    ['cockatiel', ['operators/parts/circuit.ts']],
    ['onnxruntime-node', ['backends/onnx/session.ts']],
    ['openai', ['backends/openai/make-client.ts']],
    // Its tokenizers, and its settings of where models come from.
    ['@huggingface/transformers', ['backends/onnx/hub/hub-settings.ts', 'backends/onnx/tokenizer.ts']],
  ])('lets no other file than it should load %s', (name, expected) => {
    const loads = new RegExp(`(?<!import type [^;]*)(from|import|import\\(|require\\(|resolve\\()\\s*'${name}[/']`);
    const loaders = sources.filter(({ code }) => loads.test(code));
    // The two faces of one file of the imports map count as one.
    const files = [...new Set(loaders.map(({ path }) => path.replace('.node.ts', '.ts')))];
    expect(files.sort()).toEqual(expected);
  });

  it('loads no tokenizer in the thread that a model runs in', () => {
    const loaded = ['backends/onnx/worker.ts'];
    for (const path of loaded) {
      const code = sources.find((source) => source.path === path)?.code ?? '';
      for (const [, name = ''] of code.matchAll(/^import (?!type )[^;]*?'(\..+?)'/gm)) {
        const next = normalize(join(dirname(path), name));
        if (!loaded.includes(next)) loaded.push(next);
      }
    }
    expect(loaded).toContain('backends/onnx/text-thread.ts');
    expect(loaded).not.toContain('backends/onnx/tokenizer.ts');
  });

  it('names files in kebab case, after what they export', () => {
    const plain = (name: string) => name.replaceAll(/[-.]/g, '').toLowerCase();
    for (const { path, code } of sources) {
      const file =
        path
          .split('/')
          .at(-1)
          ?.replace(/(\.node)?\.ts$/, '') ?? '';
      expect(file, path).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
      const names = [
        ...code.matchAll(/^export (?:abstract )?(?:const|class|(?:async )?function\*?|interface|type) (\w+)/gm),
      ].map((match) => match[1] as string);
      // The messages of a protocol are one thing, named after its first word.
      const stem = plain(file.replace(/-protocol$/, ''));
      const named = names.length === 0 || names.some((name) => plain(name).includes(stem));
      expect(named, `${path} exports ${names}`).toBe(true);
    }
  });

  it('keeps every file short', () => {
    const lengths = sources.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
    expect(lengths.filter(({ lines }) => lines > 250)).toEqual([]);
    expect(lengths.filter(({ path, lines }) => path.startsWith('operators/') && lines > 100)).toEqual([]);
  });

  it('has no default export, no enum and no namespace', () => {
    expect(sources.filter(({ code }) => /^export default|\benum \w+ \{|^\s*(export )?namespace /m.test(code))).toEqual(
      [],
    );
  });
});
