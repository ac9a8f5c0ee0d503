import { concatMap, from, map, type Observable, of, toArray } from 'rxjs';
import type { ToolCall } from '../../runtime/tool-call.ts';
import { ToolError } from '../../runtime/tool-error.ts';
import type { OnToolError } from './call-tools-options.ts';
import type { Tool } from './tool.ts';

/** A call that can be run, or one that cannot, with what to tell the model. */
export type CheckedCall =
  | { readonly call: ToolCall; readonly tool: Tool; readonly args: unknown; readonly complaint?: undefined }
  | { readonly call: ToolCall; readonly tool: Tool | undefined; readonly complaint: string };

/**
 * Checks the calls of one turn before any of them runs. A call that cannot be run fails with a `ToolError` where the
 * model may not mend its calls any more, or names no tool while errors are to be thrown.
 */
export const checkCalls = (
  calls: readonly ToolCall[],
  tools: readonly Tool[],
  { mayMend, onToolError }: { readonly mayMend: boolean; readonly onToolError: OnToolError },
): Observable<readonly CheckedCall[]> =>
  from(calls).pipe(
    concatMap((call) => checkCall(call, tools)),
    map((checked) => {
      const { call, tool, complaint } = checked;
      const fatal = !mayMend || (tool === undefined && onToolError === 'throw');
      if (complaint !== undefined && fatal) throw new ToolError(complaint, call);
      return checked;
    }),
    toArray(),
  );

const checkCall = (call: ToolCall, tools: readonly Tool[]): Observable<CheckedCall> => {
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined) {
    const names = tools.map(({ name }) => name).join(', ');
    return of({ call, tool, complaint: `Expected a call of one of the tools ${names}, received one of ${call.name}` });
  }
  return tool.validate(call.arguments).pipe(
    map((validation) => {
      if (validation.valid) return { call, tool, args: validation.value };
      const findings = validation.issues.map(({ path, message }) => `${path || 'they'} ${message}`).join('; ');
      const wanted = `Expected arguments of ${tool.name} that match its parameters`;
      return { call, tool, complaint: `${wanted}, received ones where ${findings}` };
    }),
  );
};
