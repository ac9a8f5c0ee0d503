import { describe, expect, it } from 'vitest';
import { parseCommand, UsageError } from '../../../examples/terminal/parse-command.ts';

const known = { names: ['chain', 'tools'], roles: ['small', 'large'] };
const parse = (...words: string[]) => parseCommand(words, known);

describe('parseCommand', () => {
  it('runs everything when nothing is said', () => {
    expect(parse()).toEqual({ kind: 'run', names: [], models: {}, download: false });
  });

  it('takes names in their order, and flags anywhere', () => {
    expect(parse('tools', '--input', 'my.txt', 'chain')).toEqual({
      kind: 'run',
      names: ['tools', 'chain'],
      models: {},
      download: false,
      input: 'my.txt',
    });
  });

  it('takes a model for each role, whose folder may hold an equals sign', () => {
    expect(parse('--model', 'small=a/b=c', '--model=large=d')).toMatchObject({
      models: { small: 'a/b=c', large: 'd' },
    });
  });

  it('takes leave to download', () => {
    expect(parse('--model', 'small=gemma3-1b', '--download')).toMatchObject({
      models: { small: 'gemma3-1b' },
      download: true,
    });
  });

  it('takes values after an equals sign', () => {
    expect(parse('--input=a=b.txt')).toMatchObject({ input: 'a=b.txt' });
  });

  it.each([[['--help']], [['-h', 'chain']], [['--list', '--help']]])('shows help for %j', (words) => {
    expect(parse(...words)).toEqual({ kind: 'help' });
  });

  it('lists', () => {
    expect(parse('--list')).toEqual({ kind: 'list' });
  });

  it.each([
    [['chian'], 'Expected the name of an example to be one of chain, tools, received "chian"'],
    [['--lsit'], 'Expected --list, --input, --model, --download or --help, received --lsit'],
    [['--list=yes'], 'Expected --list, --input, --model, --download or --help, received --list=yes'],
    [['--list', 'chian'], 'Expected the name of an example to be one of chain, tools, received "chian"'],
    [['--input'], 'Expected a file after --input, received nothing'],
    [['--input='], 'Expected a file after --input, received nothing'],
    [['--model'], 'Expected role=model after --model, received nothing'],
    [['--model', 'folder'], 'Expected role=model after --model, received "folder"'],
    [['--model', 'small='], 'Expected role=model after --model, received "small="'],
    [['--model', 'tiny=folder'], 'Expected the role of --model to be one of small, large, received "tiny"'],
  ])('refuses %j', (words, message) => {
    expect(() => parse(...words)).toThrow(new UsageError(message));
  });
});
