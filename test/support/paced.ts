import { deliver } from 'millrace';
import { Observable } from 'rxjs';

/** Gives the values, each once its reader lets it, then fails if there is an error. `made` counts them. */
export const paced = <T>(values: readonly T[], error?: unknown, made: T[] = []): Observable<T> =>
  new Observable((subscriber) => {
    let next = 0;
    const make = (): void => {
      while (next < values.length && !subscriber.closed) {
        const value = values[next++] as T;
        made.push(value);
        if (!deliver(subscriber, value, make)) return;
      }
      if (error === undefined) subscriber.complete();
      else subscriber.error(error);
    };
    make();
  });
