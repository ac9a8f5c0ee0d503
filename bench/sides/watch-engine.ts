import { setTimeout } from 'node:timers/promises';
import { BroadcastChannel } from 'node:worker_threads';
import type { ProbeMessage } from './probe.ts';

/** A run of a model: when it ended, on the clock of `process.hrtime` in milliseconds, and how many tokens it computed. */
export type ModelRun = { readonly at: number; readonly tokens: number };

/** What the threads of this process do. */
export type EngineWatch = {
  /** The runs that have ended, oldest first. */
  readonly runs: readonly ModelRun[];
  /** Resolves when no run has been open for a third of a second. */
  rested(): Promise<void>;
  /** What the heaps of all threads keep after a collection, in bytes. Forgets the runs. */
  weigh(): Promise<number>;
};

/** Puts a probe into this thread and into all that are started from now on, by whichever thread. */
export const watchEngine = async (): Promise<EngineWatch> => {
  const runs: ModelRun[] = [];
  const weights: number[] = [];
  let threads = 1;
  let open = 0;
  let heard = 0;
  const channel = new BroadcastChannel('millrace-bench');
  channel.onmessage = ({ data }: { data: ProbeMessage }) => {
    heard = performance.now();
    if (data.type === 'threads') threads += data.change;
    if (data.type === 'start') open++;
    if (data.type === 'end') {
      open--;
      runs.push(data);
    }
    if (data.type === 'weight') weights.push(data.bytes);
  };
  await import('./probe.ts');

  return {
    runs,
    rested: async () => {
      heard = performance.now();
      while (open > 0 || performance.now() - heard < 333) await setTimeout(10);
    },
    weigh: async () => {
      // What has been noted would weigh with the rest.
      runs.length = 0;
      weights.length = 0;
      channel.postMessage({ type: 'weigh' } satisfies ProbeMessage);
      while (weights.length < threads) await setTimeout(10);
      return weights.reduce((sum, bytes) => sum + bytes, 0);
    },
  };
};
