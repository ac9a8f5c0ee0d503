/** What the command line asks for. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'list' }
  | {
      readonly kind: 'run';
      /** The examples, in the order given; none stands for all. */
      readonly names: readonly string[];
      /** A file to read instead of the examples' own. */
      readonly input?: string;
      /** Folders or names of models by role. */
      readonly models: { readonly [role: string]: string };
      /** Whether models that are not here may be downloaded. */
      readonly download: boolean;
    };

/** Something on the command line is not as it should be. */
export class UsageError extends Error {}

/**
 * Reads the words of a command line.
 *
 * @throws UsageError where a word is unknown or incomplete.
 */
export const parseCommand = (
  words: readonly string[],
  known: { readonly names: readonly string[]; readonly roles: readonly string[] },
): Command => {
  const names: string[] = [];
  const models: Record<string, string> = {};
  let kind: Command['kind'] = 'run';
  let input: string | undefined;
  let download = false;
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [flag, inline] = split(word, word.startsWith('--') ? '=' : undefined);
    if (word === '--help' || word === '-h') kind = 'help';
    else if (word === '--list') kind = kind === 'help' ? kind : 'list';
    else if (word === '--download') download = true;
    else if (flag === '--input') input = needs(flag, 'a file', inline ?? rest.shift());
    else if (flag === '--model') addModel(models, needs(flag, 'role=model', inline ?? rest.shift()), known.roles);
    else if (flag.startsWith('-'))
      throw new UsageError(`Expected --list, --input, --model, --download or --help, received ${word}`);
    else names.push(oneOf('the name of an example', word, known.names));
  }
  return kind === 'run' ? { kind, names, models, download, ...(input !== undefined && { input }) } : { kind };
};

const split = (text: string, separator: string | undefined): readonly [string, string?] => {
  const at = separator === undefined ? -1 : text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
};

const needs = (flag: string, what: string, value: string | undefined): string => {
  if (value === undefined || value === '') throw new UsageError(`Expected ${what} after ${flag}, received nothing`);
  return value;
};

const addModel = (models: Record<string, string>, word: string, roles: readonly string[]): void => {
  const [role, model] = split(word, '=');
  if (!model) throw new UsageError(`Expected role=model after --model, received ${JSON.stringify(word)}`);
  models[oneOf('the role of --model', role, roles)] = model;
};

const oneOf = (what: string, value: string, allowed: readonly string[]): string => {
  if (allowed.includes(value)) return value;
  throw new UsageError(`Expected ${what} to be one of ${allowed.join(', ')}, received ${JSON.stringify(value)}`);
};
