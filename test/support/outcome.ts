import type { Observable } from 'rxjs';

/** What a stream that ends at once gave: its values, and the error where it failed. */
export const outcome = <T>(stream: Observable<T>): { readonly values: T[]; readonly error?: unknown } => {
  const values: T[] = [];
  let end: { error?: unknown } | undefined;
  stream.subscribe({
    next: (value) => values.push(value),
    error: (error) => {
      end = { error };
    },
    complete: () => {
      end = {};
    },
  });
  if (end === undefined) throw new Error('Expected a stream that ends at once, received one that goes on');
  return { values, ...end };
};
