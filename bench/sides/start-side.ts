import { setTimeout } from 'node:timers/promises';
import type { Question } from '../questions.ts';
import type { Settings } from './contestant.ts';
import type { Orders } from './orders.ts';
import { startChild } from './start-child.ts';

/** Who is compared. */
export type SideName = 'millrace' | 'transformers.js' | 'llama.cpp';

/** One of those that are compared, in a process of its own. */
export type Side = Orders & {
  readonly name: SideName;
  /** Ends the process. */
  close(): Promise<void>;
};

/** How long all others rest before one begins: the threads of a runtime spin on for a while after each run. */
const pause = 200;

/**
 * Starts the process of a side, which loads the model and answers a first question.
 *
 * @param warmUp The first question.
 */
export const startSide = async (name: SideName, settings: Settings, warmUp: Question): Promise<Side> => {
  const words = [name, JSON.stringify(settings), JSON.stringify(warmUp)];
  const { order, close } = await startChild(name, new URL('./child.js', import.meta.url), words, {
    // Read when the native part loads.
    ORT_DISABLE_TELEMETRY: '1',
  });
  const send =
    <Name extends keyof Orders>(name: Name) =>
    async (...given: Parameters<Orders[Name]>): Promise<Awaited<ReturnType<Orders[Name]>>> => {
      await setTimeout(pause);
      return (await order(name, given)) as Awaited<ReturnType<Orders[Name]>>;
    };
  return {
    name,
    answer: send('answer'),
    delay: send('delay'),
    leave: send('leave'),
    memory: send('memory'),
    close,
  };
};
