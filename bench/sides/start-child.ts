import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A process that carries out orders. */
export type Child = {
  /** Gives an order by its name, and waits for what comes of it. */
  order(name: string, given: readonly unknown[]): Promise<unknown>;
  /** Ends the process. */
  close(): Promise<void>;
};

/** What a process answers: first that it is ready, as 0, then orders by their number. */
export type Reply = { readonly id: number; readonly result?: unknown; readonly error?: string };

/**
 * Starts a process, and waits until it takes orders.
 *
 * @param name What errors call it.
 * @param file A program that calls `takeOrders`.
 * @param words Its arguments.
 * @param environment What it reads beside the environment of this one.
 */
export const startChild = async (
  name: string,
  file: URL,
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Child> => {
  const child = fork(file, words, {
    // What a library prints must not come among the rows.
    stdio: ['ignore', 2, 2, 'ipc'],
    env: { ...process.env, ...environment },
  });
  const replies = new Replies(name, child);
  await replies.of(0);

  let sent = 0;
  return {
    order: (order, given) => {
      child.send({ id: ++sent, order, given });
      return replies.of(sent);
    },
    close: async () => {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
};

/** Waits for what a process replies. */
class Replies {
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();

  constructor(name: string, child: ChildProcess) {
    child.on('message', ({ id, result, error }: Reply) => {
      const { resolve, reject } = this.#waiting.get(id) ?? {};
      this.#waiting.delete(id);
      if (error === undefined) resolve?.(result);
      else reject?.(new Error(`${name}: ${error}`));
    });
    child.on('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`${name} ended with ${signal ?? code}`));
    });
  }

  of(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }
}
