import { defer, filter, map, type OperatorFunction } from 'rxjs';
import type { InferenceEvent } from '../runtime/inference-event.ts';

/**
 * Gathers the tokens of each answer into one string.
 *
 * Waits until the model has finished speaking, then says it all at once.
 *
 * ```text
 * source   -a-b-f-c-f|      a, b, c: tokens; f: finish
 *          text()
 * result   -----x---y|      x: 'ab', y: 'c'
 * ```
 *
 * Only tokens that still stand count: a `retract` empties the answer. Of a tool loop, the text is the last answer
 * alone. An answer without a `finish` gives nothing.
 *
 * @example
 * ```ts
 * of('Say hi.').pipe(infer(small), text()).subscribe(console.log); // Hi!
 * ```
 *
 * @returns One string per `finish`.
 */
export const text = (): OperatorFunction<InferenceEvent, string> => (source) =>
  defer(() => {
    const open = new Map<string, string>();
    return source.pipe(
      map((event) => fold(open, event)),
      filter((answer) => answer !== undefined),
    );
  });

const fold = (open: Map<string, string>, event: InferenceEvent): string | undefined => {
  const { request } = event;
  if (event.type === 'token') open.set(request, (open.get(request) ?? '') + event.text);
  if (event.type === 'retract' || event.type === 'tool-result') open.delete(request);
  if (event.type !== 'finish') return undefined;
  const answer = open.get(request) ?? '';
  open.delete(request);
  return answer;
};
