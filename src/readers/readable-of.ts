import type { Observable } from 'rxjs';
import type { PullSettings } from './check-reader.ts';
import { PullReader } from './pull-reader.ts';

/** A Web stream that asks for a value when it is read, and keeps none itself. */
export const readableOf = <T>(source: Observable<T>, settings: PullSettings): ReadableStream<T> => {
  let abandon: (error: unknown) => void;
  const reader = new PullReader(source, settings, (error) => abandon(error));
  return new ReadableStream<T>(
    {
      start: (controller) => {
        abandon = (error) => controller.error(error);
      },
      pull: async (controller) => {
        const { done, value } = await reader.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => {
        await reader.return();
      },
    },
    // So that nothing is asked for which nobody reads.
    { highWaterMark: 0 },
  );
};
