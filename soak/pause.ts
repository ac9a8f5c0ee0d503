import { firstValueFrom, timer } from 'rxjs';

/** Waits so many milliseconds. */
export const pause = (milliseconds: number): Promise<unknown> => firstValueFrom(timer(milliseconds));
