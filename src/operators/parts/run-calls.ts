import { catchError, defer, from, map, mergeMap, type Observable, of, throwError } from 'rxjs';
import { frameStorage } from '#frame-storage';
import type { FinishEvent, ToolResultEvent } from '../../runtime/inference-event.ts';
import { ToolError } from '../../runtime/tool-error.ts';
import type { OnToolError } from './call-tools-options.ts';
import type { CheckedCall } from './check-calls.ts';
import { inOrder } from './in-order.ts';
import { runTool } from './run-tool.ts';

/** Runs the calls of the turn that `finish` ended, side by side; gives what goes back to the model, in their order. */
export const runCalls = (
  calls: readonly CheckedCall[],
  { request, attempt }: FinishEvent,
  { concurrency, onToolError }: { readonly concurrency: number; readonly onToolError: OnToolError },
): Observable<ToolResultEvent> => {
  const answer = (checked: CheckedCall): Observable<ToolResultEvent> => {
    const { call } = checked;
    const respond = (output: string) => ({ type: 'tool-result', request, attempt, call, output }) as const;
    if (checked.complaint !== undefined) return told(respond(checked.complaint));
    return runTool(checked.tool, checked.args, call, respond).pipe(
      catchError((error) => {
        const message = `The tool ${call.name} failed: ${error instanceof Error ? error.message : String(error)}`;
        if (onToolError === 'return') return told(respond(message));
        return throwError(() => new ToolError(message, call, { cause: error }));
      }),
    );
  };
  const numbered = (checked: CheckedCall, index: number) =>
    answer(checked).pipe(map((result) => [index, result] as const));
  return from(calls).pipe(mergeMap(numbered, concurrency), inOrder());
};

/** A result that no tool gave is reported by the step around. */
const told = (result: ToolResultEvent): Observable<ToolResultEvent> =>
  defer(() => {
    frameStorage.getStore()?.report(result);
    return of(result);
  });
