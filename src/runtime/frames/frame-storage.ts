import type { Frame } from './frame.ts';

let current: Frame | undefined;

/** Holds the frame of the code that runs now. Here, without `AsyncLocalStorage`, it ends where the call stack does. */
export const frameStorage: {
  getStore(): Frame | undefined;
  run<T>(frame: Frame | undefined, body: () => T): T;
} = {
  getStore: () => current,
  run(frame, body) {
    const outer = current;
    current = frame;
    try {
      return body();
    } finally {
      current = outer;
    }
  },
};
