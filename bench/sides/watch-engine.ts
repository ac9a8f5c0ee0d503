import { syncBuiltinESMExports } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import workerThreads, { type WorkerOptions } from 'node:worker_threads';
import type { ProbeMessage } from './probe.ts';

/** A run of a model: when it ended, on the clock of `process.hrtime` in milliseconds, and how many tokens it computed. */
export type ModelRun = { readonly at: number; readonly tokens: number };

/** What the threads of this process do. */
export type EngineWatch = {
  /** The runs that have ended. */
  readonly runs: readonly ModelRun[];
  /** Resolves when no run has been open for a third of a second. */
  rested(): Promise<void>;
  /** What the heaps of all threads keep after a collection, in bytes. */
  weigh(): Promise<number>;
};

/** Puts a probe into this thread and into each that it starts from now on. */
export const watchEngine = async (): Promise<EngineWatch> => {
  let threads = 1;
  probeWorkers((change) => {
    threads += change;
  });
  await import('./probe.ts');

  const runs: ModelRun[] = [];
  const weights: number[] = [];
  let open = 0;
  let heard = 0;
  const channel = new workerThreads.BroadcastChannel('millrace-bench');
  channel.onmessage = ({ data }: { data: ProbeMessage }) => {
    heard = performance.now();
    if (data.type === 'start') open++;
    if (data.type === 'end') {
      open--;
      runs.push(data);
    }
    if (data.type === 'weight') weights.push(data.bytes);
  };

  return {
    runs,
    rested: async () => {
      heard = performance.now();
      while (open > 0 || performance.now() - heard < 333) await setTimeout(10);
    },
    weigh: async () => {
      weights.length = 0;
      channel.postMessage({ type: 'weigh' } satisfies ProbeMessage);
      while (weights.length < threads) await setTimeout(10);
      return weights.reduce((sum, bytes) => sum + bytes, 0);
    },
  };
};

const probeWorkers = (count: (change: 1 | -1) => void): void => {
  const { Worker } = workerThreads;
  const probe = ['--import', new URL('./probe.js', import.meta.url).href];

  workerThreads.Worker = class extends Worker {
    constructor(path: string | URL, options: WorkerOptions = {}) {
      super(path, { ...options, execArgv: [...(options.execArgv ?? []), ...probe] });
      count(1);
      this.once('exit', () => count(-1));
    }
  };
  // What has been imported by name, or will be, is the probed one from here on.
  syncBuiltinESMExports();
};
