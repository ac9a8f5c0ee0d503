import { parseArgs } from 'node:util';
import type { FindOptions } from '../backends/onnx/find-model.ts';
import { DownloadError } from '../backends/onnx/hub/download-error.ts';
import { ModelError } from '../backends/onnx/model-error.ts';
import { checkOnnx } from '../backends/onnx/onnx-options.ts';
import { examineMachine } from './examine-machine.ts';
import { listModels } from './list-models.ts';
import { pullModel } from './pull-model.ts';
import { removeModel } from './remove-model.ts';
import type { Stage } from './stage.ts';
import { usage } from './usage.ts';

type Command = (name: string, options: FindOptions, stage: Stage) => Promise<void>;

const commands: { readonly [name: string]: { readonly run: Command; readonly named: boolean } } = {
  list: { run: (_, options, stage) => listModels(options, stage), named: false },
  pull: { run: pullModel, named: true },
  remove: { run: removeModel, named: true },
  doctor: { run: (_, options, stage) => examineMachine(options, stage), named: false },
};

/**
 * Does what the words after `millrace models` ask for.
 *
 * @returns The exit code: 0; 1 where it could not be done; 2 where the words are wrong; 130 where it was stopped.
 */
export const runModels = async (words: readonly string[], stage: Stage): Promise<number> => {
  try {
    const parsed = parse(words);
    if (parsed === undefined) stage.output.write(`${usage}\n`);
    else await parsed.command.run(parsed.name, parsed.options, stage);
    return 0;
  } catch (error) {
    if (stage.signal.aborted) return 130;
    const { message, syscall } = error as NodeJS.ErrnoException;
    if (error instanceof TypeError) {
      stage.complain(`${message}\n\n${usage}`);
      return 2;
    }
    const told = error instanceof ModelError || error instanceof DownloadError || syscall !== undefined;
    if (!told) throw error;
    stage.complain(message);
    return 1;
  }
};

/** @throws TypeError where the words are wrong. */
const parse = (words: readonly string[]) => {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      dtype: { type: 'string' },
      revision: { type: 'string' },
      'cache-dir': { type: 'string' },
      'models-dir': { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [verb = '', name, ...more] = positionals;
  if (values.help) return undefined;
  const command = Object.hasOwn(commands, verb) ? commands[verb] : undefined;
  if (!command) {
    throw new TypeError(
      `Expected one of ${Object.keys(commands).join(', ')}, received ${verb ? `"${verb}"` : 'nothing'}`,
    );
  }
  if (command.named !== (name !== undefined) || more.length > 0) {
    const wanted = command.named ? 'the name of one model' : 'nothing more';
    throw new TypeError(`Expected ${wanted} after ${verb}, received ${[name, ...more].join(' ') || 'nothing'}`);
  }
  const { dtype, revision, 'cache-dir': cacheDir, 'models-dir': modelsDir } = values;
  const options = {
    ...(dtype !== undefined && { dtype }),
    ...(revision !== undefined && { revision }),
    ...(cacheDir !== undefined && { cacheDir }),
    ...(modelsDir !== undefined && { modelsDir }),
  } as FindOptions;
  checkOnnx(name, options);
  return { command, name: name ?? '', options };
};
