import { AsyncLocalStorage } from 'node:async_hooks';
import type { Frame } from './frame.ts';

/** Holds the frame of the code that runs now, and follows it through promises and timers. */
export const frameStorage: AsyncLocalStorage<Frame | undefined> = new AsyncLocalStorage();
