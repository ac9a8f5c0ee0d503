import type { InferenceEvent } from 'millrace';
import { map, type OperatorFunction } from 'rxjs';

/** The marble of an event: a token's text, or the first letter of its kind. */
export const letters: OperatorFunction<InferenceEvent, string> = map((event) =>
  event.type === 'token' ? event.text : (event.type[0] as string),
);
