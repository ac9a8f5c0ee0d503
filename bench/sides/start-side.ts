import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { Question } from '../questions.ts';
import type { Settings } from './contestant.ts';
import type { Orders } from './orders.ts';

/** Who is compared. */
export type SideName = 'millrace' | 'transformers.js' | 'llama.cpp';

/** One of those that are compared, in a process of its own. */
export type Side = Orders & {
  readonly name: SideName;
  /** Ends the process. */
  close(): Promise<void>;
};

/** What the process of a side answers: first that it is ready, as 0, then orders by their number. */
export type Reply = { readonly id: number; readonly result?: unknown; readonly error?: string };

/** How long all others rest before one begins: the threads of a runtime spin on for a while after each run. */
const pause = 200;

/**
 * Starts the process of a side, which loads the model and answers a first question.
 *
 * @param warmUp The first question.
 */
export const startSide = async (name: SideName, settings: Settings, warmUp: Question): Promise<Side> => {
  const process = fork(
    new URL('./child.js', import.meta.url),
    [name, JSON.stringify(settings), JSON.stringify(warmUp)],
    {
      // What a library prints must not come among the rows.
      stdio: ['ignore', 2, 2, 'ipc'],
      // Read when the native part loads.
      env: { ...globalThis.process.env, ORT_DISABLE_TELEMETRY: '1' },
    },
  );
  const replies = new Replies(name, process);
  await replies.of(0);

  let sent = 0;
  const send =
    <Name extends keyof Orders>(order: Name) =>
    async (...given: Parameters<Orders[Name]>): Promise<Awaited<ReturnType<Orders[Name]>>> => {
      await setTimeout(pause);
      process.send({ id: ++sent, order, given });
      return (await replies.of(sent)) as Awaited<ReturnType<Orders[Name]>>;
    };

  return {
    name,
    answer: send('answer'),
    delay: send('delay'),
    leave: send('leave'),
    memory: send('memory'),
    close: async () => {
      const exit = once(process, 'exit');
      process.disconnect();
      await exit;
    },
  };
};

/** Waits for what a process replies. */
class Replies {
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();

  constructor(name: SideName, process: ChildProcess) {
    process.on('message', ({ id, result, error }: Reply) => {
      const { resolve, reject } = this.#waiting.get(id) ?? {};
      this.#waiting.delete(id);
      if (error === undefined) resolve?.(result);
      else reject?.(new Error(`${name}: ${error}`));
    });
    process.on('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`${name} ended with ${signal ?? code}`));
    });
  }

  of(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }
}
