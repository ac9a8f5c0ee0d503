import { InferenceSession } from 'onnxruntime-node';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readModelFiles } from '../../src/backends/onnx/model-files.ts';
import { ModelRunner } from '../../src/backends/onnx/model-runner.ts';
import type { Tensor } from '../../src/backends/onnx/session.ts';
import { isStop, stopOutput } from '../../src/backends/onnx/stop-output.ts';
import { modelFolder, type Reference, referenceModels, references } from '../support/models.ts';

type Tensors = Record<string, Tensor>;
type Fetches = readonly string[] | Record<string, Tensor | null>;
type Run = (feeds: Tensors, fetches: Fetches) => Promise<Tensors>;

const session = (InferenceSession as unknown as { prototype: { run: Run } }).prototype;
const load = async (name: string) =>
  ModelRunner.load(
    await readModelFiles(modelFolder(name)),
    { executionProviders: ['cpu'] },
    { slots: 8, tokens: 2000 },
  );

/** Makes every run of the runtime go another way. `run` is the real one. */
const alter = (altered: (run: Run, feeds: Tensors, fetches: Fetches) => Promise<Tensors>): void => {
  const { run } = session;
  vi.spyOn(session, 'run').mockImplementation(function (this: unknown, feeds, fetches) {
    return altered((...parameters) => run.apply(this, parameters), feeds, fetches);
  });
};

const stops = (fetches: Fetches): fetches is Record<string, Tensor | null> => stopOutput in fetches;
const outputs = (fetches: Fetches): readonly string[] =>
  Array.isArray(fetches) ? fetches : Object.keys(fetches).filter((name) => name !== stopOutput);
const rows = ({ input_ids: ids }: Tensors): number => ids?.dims[0] ?? 0;
const copy = (tensor: Tensor): Tensor =>
  new (tensor.constructor as new (...parts: unknown[]) => Tensor)(tensor.type, tensor.data.slice(), tensor.dims);
const copies = (feeds: Tensors): Tensors =>
  Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, copy(tensor)]));

/** The first tokens that a runner writes after the prompt of a reference. */
const write = async (runner: ModelRunner, { promptIds }: Reference, count: number): Promise<readonly number[]> => {
  const ids = [...promptIds];
  for (let from = 0; ids.length < promptIds.length + count; ) {
    const scores = await runner.run([{ slot: 0, from, ids: ids.slice(from), keep: 1 }]);
    from = ids.length;
    ids.push(scores.indexOf(Math.max(...scores)));
  }
  return ids.slice(promptIds.length);
};

const inPlace = { mode: 'in-place', width: 8 };
const singly = { mode: 'in-place', width: 1 };
const pingPong = { mode: 'ping-pong', width: 1 };
const plain = { mode: 'plain', width: 1 };

describe('the self-test of a model as it loads', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each(referenceModels)('finds the fastest way for %s', async (name) => {
    expect(await load(name)).toMatchObject(name === 'tiny-llama-concat' ? pingPong : inPlace);
  });

  const faults: readonly [string, typeof inPlace, Parameters<typeof alter>[0]][] = [
    [
      'words the end of a run otherwise',
      plain,
      (run, feeds, fetches) =>
        run(feeds, fetches).catch((error: unknown) => {
          throw isStop(error) ? new Error('Type 4 is not supported.') : error;
        }),
    ],
    [
      'knows the kind of the stop output, and does not fail',
      inPlace,
      (run, feeds, fetches) =>
        run(feeds, fetches).catch((error: unknown) => (isStop(error) ? {} : Promise.reject(error))),
    ],
    ['copies what a run reads', inPlace, (run, feeds, fetches) => run(copies(feeds), fetches)],
    [
      'writes to memory of its own instead of the given one',
      plain,
      async (run, feeds, fetches) => {
        if (!stops(fetches)) return run(feeds, fetches);
        await run(copies(feeds), outputs(fetches));
        throw new Error('Non tensor type is temporarily not supported.');
      },
    ],
    [
      'stops before it has computed anything',
      plain,
      async (run, feeds, fetches) => {
        if (!stops(fetches)) return run(feeds, fetches);
        throw new Error('Non tensor type is temporarily not supported.');
      },
    ],
    [
      'refuses several sequences at once',
      singly,
      (run, feeds, fetches) =>
        rows(feeds) > 1 ? Promise.reject(new Error('Non-zero status code returned: batch')) : run(feeds, fetches),
    ],
    [
      'refuses memory that is read and written at once',
      pingPong,
      (run, feeds, fetches) => {
        const given = new Set(stops(fetches) ? Object.values(fetches) : []);
        const shared = Object.values(feeds).some((tensor) => given.has(tensor));
        return shared ? Promise.reject(new Error('Non-zero status code returned: aliased')) : run(feeds, fetches);
      },
    ],
    [
      'gives wrong scores for a second sequence',
      singly,
      async (run, feeds, fetches) => {
        const failed = await run(feeds, fetches).catch((error: unknown) => error);
        const { logits } = fetches as Record<string, Tensor | null>;
        if (logits && rows(feeds) > 1) (logits.data as Float32Array).copyWithin(0, logits.dims[2] as number);
        if (failed instanceof Error) throw failed;
        return failed as Tensors;
      },
    ],
  ];

  it.each(faults)('costs speed and never tokens where the runtime %s', async (_, way, altered) => {
    alter(altered);
    const runner = await load('tiny-llama');
    expect(runner).toMatchObject(way);
    const [, one] = references('tiny-llama') as [Reference, Reference];
    expect(await write(runner, one, 12)).toEqual(one.greedyIds.slice(0, 12));
  });
});
