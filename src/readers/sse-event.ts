import { isInferenceEvent } from '../runtime/is-inference-event.ts';
import type { Failure } from './failure-of.ts';

/** One server-sent event of a value: that of a model under its type, any other without a name. */
export const sseEvent = (value: unknown, describe: (error: Error) => Failure): string => {
  const data = JSON.stringify(value, function (this: { readonly [key: string]: unknown }, key, shown) {
    // Before `toJSON`, which may tell more of an error than anybody should know.
    const own = this[key];
    return own instanceof Error ? describe(own) : shown;
  });
  return `${isInferenceEvent(value) ? `event: ${value.type}\n` : ''}data: ${data ?? 'null'}\n\n`;
};
