import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** How often, and after how many milliseconds each, a process looks whether the one before it is done: five seconds in all. */
const [looks, wait] = [100, 50];

/**
 * Does something short in a folder while no other process does. One that died in the middle of it is waited for five seconds.
 */
export const alone = async <T>(folder: string, work: () => Promise<T>): Promise<T> => {
  const lock = join(folder, '.busy');
  for (let look = 0; look < looks && !(await isTaken(lock)); look++) await pause(wait);
  try {
    return await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
};

/** Of several processes that make a folder, one succeeds. */
const isTaken = (lock: string): Promise<boolean> =>
  mkdir(lock).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
