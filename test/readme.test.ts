import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

const readme = read('README.md');

/** The TypeScript of the README, each with the file that its first line names. */
const snippets = [...readme.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)].map(([, file = '', code = '']) => ({
  file,
  code,
}));

/** Without the indentation that all lines share. */
const dedent = (lines: readonly string[]): string => {
  const depths = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  return lines.map((line) => line.slice(Math.min(...depths))).join('\n');
};

describe('the README', () => {
  it.each(snippets)('quotes $file as it is', ({ file, code }) => {
    const lines = read(file).split('\n');
    const quoted = code.trimEnd().split('\n');
    const starts = [...lines.keys()].filter(
      (start) => dedent(lines.slice(start, start + quoted.length)) === dedent(quoted),
    );
    expect(starts, code).toHaveLength(1);
  });

  it('quotes all five patterns', () => {
    const files = snippets.map(({ file }) => file);
    for (const name of ['chain', 'tools', 'classify-then-route', 'fan-out', 'verify']) {
      expect(files).toContain(`examples/${name}.ts`);
    }
  });

  it('links to files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1] as string);
    expect(links.length).toBeGreaterThan(1);
    for (const link of links) expect(() => read(link), link).not.toThrow();
  });

  it('names no file that is not there', () => {
    const names = [...readme.matchAll(/`((?:src|examples|docs|models|test)\/[\w./-]*)`/g)].map(
      (match) => match[1] as string,
    );
    for (const name of names) {
      const exists = name.endsWith('/') ? readdirSync(new URL(`../${name}`, import.meta.url)) : read(name);
      expect(exists.length, name).toBeGreaterThan(0);
    }
  });
});
