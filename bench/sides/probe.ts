import { createRequire, syncBuiltinESMExports } from 'node:module';
import { setImmediate } from 'node:timers/promises';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import workerThreads, { type WorkerOptions } from 'node:worker_threads';

/**
 * What the probes of a process tell and are asked, on a channel that all threads hear. Each thread has one: it reports each
 * run of a model, weighs its heap when it is asked to, and puts a probe into every thread that it starts.
 */
export type ProbeMessage =
  /** A thread is started, or has ended. */
  | { readonly type: 'threads'; readonly change: 1 | -1 }
  | { readonly type: 'start' }
  | {
      readonly type: 'end';
      /** Milliseconds on the clock of `process.hrtime`, which all threads share. */
      readonly at: number;
      readonly tokens: number;
    }
  | { readonly type: 'weigh' }
  | { readonly type: 'weight'; readonly bytes: number };

type Session = { run(feeds: { readonly [name: string]: { readonly size: number } }, ...others: unknown[]): unknown };

const channel = new workerThreads.BroadcastChannel('millrace-bench');
const tell = (message: ProbeMessage): void => channel.postMessage(message);

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

channel.onmessage = async ({ data }: { data: ProbeMessage }) => {
  if (data.type !== 'weigh') return;
  collect();
  // What the first collection leaves to finalizers is free after them only.
  await setImmediate();
  collect();
  tell({ type: 'weight', bytes: getHeapStatistics().used_heap_size });
};
channel.unref();

const { Worker } = workerThreads;

workerThreads.Worker = class extends Worker {
  constructor(path: string | URL, options: WorkerOptions = {}) {
    super(path, { ...options, execArgv: [...(options.execArgv ?? []), '--import', import.meta.url] });
    tell({ type: 'threads', change: 1 });
    this.once('exit', () => tell({ type: 'threads', change: -1 }));
  }
};
// What is imported by name, before or after, is the probed one from here on.
syncBuiltinESMExports();

// The package that onnxruntime-node takes its sessions from: it is JavaScript alone, and loading it loads no native code.
const runtime = createRequire(createRequire(import.meta.url).resolve('onnxruntime-node'));
const { InferenceSession } = runtime('onnxruntime-common') as { InferenceSession: { prototype: Session } };
const { run } = InferenceSession.prototype;

InferenceSession.prototype.run = async function (this: Session, feeds, ...others) {
  tell({ type: 'start' });
  try {
    return await run.call(this, feeds, ...others);
  } finally {
    tell({ type: 'end', at: Number(process.hrtime.bigint()) / 1e6, tokens: feeds.input_ids?.size ?? 0 });
  }
};
