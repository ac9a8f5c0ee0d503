import { asyncScheduler } from 'rxjs';

/** How many milliseconds a server wants us to wait, where its headers say so: `retry-after-ms`, or `retry-after` in seconds or as a date. */
export const retryAfter = (headers: Pick<Headers, 'get'>): number | undefined => {
  const milliseconds = count(headers.get('retry-after-ms'));
  if (milliseconds !== undefined) return milliseconds;
  const text = headers.get('retry-after');
  const seconds = count(text);
  if (seconds !== undefined) return seconds * 1000;
  const date = Date.parse(text ?? '');
  return Number.isNaN(date) ? undefined : Math.max(0, date - asyncScheduler.now());
};

const count = (text: string | null): number | undefined =>
  text !== null && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
