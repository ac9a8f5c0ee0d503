import { fromGenerator } from 'millrace';
import type { Observable } from 'rxjs';

/** A producer that waits for its readers, and tells how much it has made and whether it runs. */
export type Counted = { readonly numbers: Observable<number>; readonly made: number; readonly running: boolean };

/** Counts from 1 as fast as its reader lets it. Its end is far away unless told otherwise, but whoever holds nothing sees it. */
export const counted = (length = 100_000): Counted => {
  const state = { made: 0, running: false };
  const numbers = fromGenerator(async function* () {
    state.running = true;
    try {
      while (state.made < length) yield ++state.made;
    } finally {
      state.running = false;
    }
  });
  return {
    numbers,
    get made() {
      return state.made;
    },
    get running() {
      return state.running;
    },
  };
};

/** Lets everything go on that waits for nothing but its turn. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
