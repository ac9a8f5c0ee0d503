import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import type { Question } from '../questions.ts';
import type { Answer } from './answer.ts';
import type { Contestant, Settings } from './contestant.ts';
import type { Orders } from './orders.ts';
import type { SideName } from './start-side.ts';
import { takeOrders } from './take-orders.ts';
import { type EngineWatch, watchEngine } from './watch-engine.ts';

const open: { readonly [name in SideName]: (settings: Settings) => Promise<Contestant> } = {
  millrace: async () => (await import('./millrace.ts')).openMillrace(),
  'transformers.js': async () => (await import('./transformers-js.ts')).openTransformersJs(),
  'llama.cpp': async (settings) => (await import('./llama-cpp.ts')).openLlamaCpp(settings),
};

const ask = async (contestant: Contestant, question: Question): Promise<Answer> => {
  const times: number[] = [];
  const pieces: string[] = [];
  const start = performance.now();
  const { done } = contestant.begin(question, (text) => {
    times.push(performance.now());
    pieces.push(text);
  });
  const counts = await done;
  return { start, times, end: performance.now(), pieces, ...counts };
};

const carryOut = (contestant: Contestant, watch: EngineWatch | undefined): Orders => ({
  answer: (questions) => Promise.all(questions.map((question) => ask(contestant, question))),

  delay: async (questions) => {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await Promise.all(questions.map((question) => ask(contestant, question)));
    delay.disable();
    return delay.percentile(99) / 1e6;
  },

  leave: async (question, patience, tells) => {
    if (watch === undefined) throw new Error('Expected a watched contestant, received one that is not');
    let read = 0;
    let left = Number.POSITIVE_INFINITY;
    let used = process.cpuUsage();
    const leave = (at: number) => {
      left = at;
      used = process.cpuUsage();
      if (tells) reading.leave();
    };
    const start = performance.now();
    const reading = contestant.begin(question, () => {
      if ('tokens' in patience && ++read === patience.tokens) leave(now());
    });
    if ('milliseconds' in patience) {
      const wanted = now() + patience.milliseconds;
      await setTimeout(start + patience.milliseconds - performance.now());
      // A reader whose thread is busy cannot leave when it wants to, and waits all the same.
      leave(wanted);
    }
    await reading.done;
    await watch.rested();
    const { user, system } = process.cpuUsage(used);
    const late = watch.runs.filter(({ at }) => at > left);
    return {
      tokens: late.reduce((sum, { tokens }) => sum + tokens, 0),
      rest: Math.max(0, ...late.map(({ at }) => at - left)),
      processor: (user + system) / 1000,
    };
  },

  memory: async () => ({ resident: process.memoryUsage.rss(), ...(watch && { heap: await watch.weigh() }) }),
});

const now = (): number => Number(process.hrtime.bigint()) / 1e6;

const [name, text, warmUp] = process.argv.slice(2) as [SideName, string, string];
const settings: Settings = JSON.parse(text);
const watch = settings.watched ? await watchEngine() : undefined;
const contestant = await open[name](settings);
await ask(contestant, JSON.parse(warmUp));
takeOrders(carryOut(contestant, watch));
