import { readFile, statfs } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { executionProviderNames } from '../backends/onnx/execution-provider.ts';
import type { FindOptions } from '../backends/onnx/find-model.ts';
import { hubSettings } from '../backends/onnx/hub/hub-settings.ts';
import { type LocalModel, localModels } from './local-models.ts';
import { packageVersion } from './package-version.ts';
import { type ProviderTrial, tryProvider } from './provider-trial.ts';
import { showBytes } from './show-bytes.ts';
import type { Stage } from './stage.ts';

type Print = (title: string, lines: readonly string[]) => void;

/** Prints what there is on this machine to run models with, what works, and why the rest doesn't. */
export const examineMachine = async (options: FindOptions, { output }: Stage): Promise<void> => {
  const print: Print = (title, lines) => output.write(`${title}\n${lines.map((line) => `  ${line}\n`).join('')}\n`);
  print('Versions', await versions());
  const trials = await Promise.all(executionProviderNames.map(tryProvider));
  print('Execution providers', trials.map(showTrial));
  print('Machine', machine());
  await hubSettings(options.cacheDir).then(
    ({ cacheDir }) => printModels(print, { ...options, cacheDir }),
    (error: Error) => print('Models', [error.message]),
  );
  print('Telemetry', [showTelemetry(trials)]);
};

const printModels = async (print: Print, options: FindOptions & { readonly cacheDir: string }): Promise<void> => {
  const models = (await localModels(options)).filter(({ here }) => here);
  print('Models here', models.length === 0 ? ['none'] : models.map(showModel));
  print('Folders', [
    `downloads: ${options.cacheDir}, ${await roomIn(options.cacheDir)}`,
    `own models: ${options.modelsDir ?? process.env.MILLRACE_MODELS ?? 'none (MILLRACE_MODELS is not set)'}`,
  ]);
};

const versions = async (): Promise<readonly string[]> => {
  const own = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  const packages = ['onnxruntime-node', '@huggingface/transformers', 'rxjs'].map(async (name) => {
    const version = await packageVersion(name);
    return `${name} ${version ?? `is not installed: npm install ${name}`}`;
  });
  return [
    `millrace ${own.version}`,
    `node ${process.version}, ${process.platform} ${process.arch}`,
    ...(await Promise.all(packages)),
  ];
};

const showTrial = ({ executionProvider, reason }: ProviderTrial): string => {
  const name = executionProvider.padEnd(10);
  if (reason === undefined) return `✓ ${executionProvider}`;
  const installable = ['cuda', 'tensorrt'].includes(executionProvider) && /Failed to load shared library/.test(reason);
  const advice = 'its libraries are not installed: ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node';
  return `✗ ${name}${reason.replaceAll(/\s+/g, ' ').trim()}${installable ? `; ${advice}` : ''}`;
};

const machine = (): readonly string[] => {
  const limit = process.constrainedMemory();
  const limited = limit > 0 && limit < totalmem();
  return [
    `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} threads`,
    `${showBytes(totalmem())} of memory, ${showBytes(freemem())} of it free${limited ? `; this process may take ${showBytes(limit)}` : ''}`,
  ];
};

const showModel = ({ name, here }: LocalModel): string =>
  `${name}, ${showBytes(here?.bytes ?? 0)}${here?.whole ? '' : ', not whole'}, in ${here?.folder}`;

const roomIn = async (folder: string): Promise<string> => {
  for (let place = folder; ; place = dirname(place)) {
    const room = await statfs(place).catch(() => undefined);
    if (room) return `${showBytes(room.bavail * room.bsize)} free`;
    if (place === dirname(place)) return 'of unknown room';
  }
};

const showTelemetry = (trials: readonly ProviderTrial[]): string => {
  const told = trials.filter(({ telemetry }) => telemetry !== undefined);
  if (told.length === 0) return 'ONNX Runtime could not be loaded';
  const on = told.some(({ telemetry }) => telemetry);
  return on
    ? 'on: ONNX Runtime was loaded without ORT_DISABLE_TELEMETRY=1'
    : 'off: ORT_DISABLE_TELEMETRY=1 is set before ONNX Runtime loads';
};
