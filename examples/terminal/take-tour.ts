import type { Backend } from 'millrace';
import type { Observable } from 'rxjs';
import type { Example, Role } from '../example.ts';
import { makeScreen, type Output } from './make-screen.ts';
import { parseCommand, UsageError } from './parse-command.ts';
import { checkFolder, readInput } from './read-input.ts';
import { type Models, Tour } from './tour.ts';
import { listExamples, usage } from './usage.ts';

/** What a tour needs of the world. */
export type Stage = {
  readonly examples: readonly Example[];
  readonly output: Output;
  readonly complain: (message: string) => void;
  readonly environment: NodeJS.ProcessEnv;
  /** Makes a model by its folder or name, which may be downloaded or not; or the embedded one. */
  readonly makeModel: (model: string | undefined, allowDownload: boolean) => Backend;
  /** Gives an exit code when the tour is to end early. */
  readonly leave: Observable<number>;
};

const roles: readonly Role[] = ['small', 'large'];

/**
 * Does what a command line asks for: runs examples and shows how, or lists them.
 *
 * @returns The exit code: 0; 1 where an example failed; 2 where the command line is wrong; else what `leave` gave.
 */
export const takeTour = async (words: readonly string[], stage: Stage): Promise<number> => {
  try {
    const names = stage.examples.map(({ name }) => name);
    const command = parseCommand(words, { names, roles });
    if (command.kind === 'run') return await runExamples(command, stage);
    stage.output.write(`${command.kind === 'help' ? usage : listExamples(stage.examples)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stage.complain(`${error.message}\n\n${usage}`);
    return 2;
  }
};

const runExamples = async (
  { names, input, models: wanted, download }: Extract<ReturnType<typeof parseCommand>, { kind: 'run' }>,
  stage: Stage,
): Promise<number> => {
  const named = names.flatMap((name) => stage.examples.filter((example) => example.name === name));
  const chosen = names.length === 0 ? stage.examples : named;
  const visits = chosen.map((example) => ({ example, ...readInput(input, example) }));
  for (const folder of Object.values(wanted)) checkFolder(folder);
  const models = makeModels(wanted, (model) => stage.makeModel(model, download));
  const screen = makeScreen(stage.output, stage.environment);
  try {
    return await new Tour(screen, models, stage.leave).take(visits);
  } finally {
    screen.close();
  }
};

const makeModels = (wanted: { readonly [role: string]: string }, make: (model?: string) => Backend): Models => {
  const made = new Map<string | undefined, Backend>();
  const model = (role: Role): Backend => {
    const name = wanted[role];
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
  return { small: model('small'), large: model('large') };
};
