import type { InferenceEvent } from '../../runtime/inference-event.ts';

/** An event of an answer that began so many milliseconds after its request, of which it was `queued` for some. */
export const shiftTiming = (event: InferenceEvent, elapsed: number, queued = 0): InferenceEvent => {
  if (event.type !== 'finish' || elapsed === 0) return event;
  const { queue, load, firstToken, total } = event.timing;
  return {
    ...event,
    timing: { queue: queue + queued, load, firstToken: firstToken + elapsed, total: total + elapsed },
  };
};
