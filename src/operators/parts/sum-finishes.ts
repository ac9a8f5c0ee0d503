import type { FinishEvent } from '../../runtime/inference-event.ts';

/** The last of several answers, with the usage and the time that all of them took. */
export const sumFinishes = (finishes: readonly FinishEvent[]): FinishEvent =>
  finishes.reduce((before, { usage, timing, ...finish }) => ({
    ...finish,
    usage: {
      input: before.usage.input + usage.input,
      cached: before.usage.cached + usage.cached,
      output: before.usage.output + usage.output,
    },
    timing: {
      queue: before.timing.queue + timing.queue,
      load: before.timing.load + timing.load,
      firstToken: before.timing.firstToken,
      total: before.timing.total + timing.total,
    },
  }));
