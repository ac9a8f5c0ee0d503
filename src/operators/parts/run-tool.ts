import { defaultIfEmpty, defer, from, isObservable, map, type Observable, of, takeLast, tap } from 'rxjs';
import { asStep } from '../../runtime/frames/as-step.ts';
import type { ToolResultEvent } from '../../runtime/inference-event.ts';
import type { ToolCall } from '../../runtime/tool-call.ts';
import type { Tool } from './tool.ts';

/** Runs a tool as a step of the current run. `respond` makes the event of what it gives. */
export const runTool = (
  tool: Tool,
  args: unknown,
  call: ToolCall,
  respond: (output: string) => ToolResultEvent,
): Observable<ToolResultEvent> =>
  asStep('tool', tool.name, (frame) => {
    const controller = new AbortController();
    return defer(() => observe(tool.execute(args, { signal: controller.signal, call }))).pipe(
      tap({ unsubscribe: () => controller.abort() }),
      takeLast(1),
      defaultIfEmpty(undefined),
      map((output) => respond(toText(output))),
      tap((event) => frame?.report(event)),
    );
  });

// A string or an array is one value here, though RxJS could read either as many.
const observe = (output: unknown): Observable<unknown> => {
  if (isObservable(output)) return output;
  return isPromise(output) ? from(output) : of(output);
};

const isPromise = (output: unknown): output is PromiseLike<unknown> =>
  typeof (output as PromiseLike<unknown> | null | undefined)?.then === 'function';

const toText = (output: unknown): string => (typeof output === 'string' ? output : (JSON.stringify(output) ?? 'null'));
