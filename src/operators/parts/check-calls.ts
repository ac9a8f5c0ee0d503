import { concatMap, from, map, type Observable, of, toArray } from 'rxjs';
import type { Message } from '../../runtime/message.ts';
import type { ToolCall } from '../../runtime/tool-call.ts';
import { ToolError } from '../../runtime/tool-error.ts';
import type { OnToolError } from './call-tools-options.ts';
import type { Tool } from './tool.ts';

/** A call that can be run, or one that cannot, with what to tell the model. */
export type CheckedCall =
  | { readonly call: ToolCall; readonly tool: Tool; readonly args: unknown; readonly complaint?: undefined }
  | { readonly call: ToolCall; readonly tool: Tool | undefined; readonly complaint: string };

/** How calls are checked. */
export type CallRules = {
  /** Whether the model may mend a call that cannot be run. */
  readonly mayMend: boolean;
  readonly onToolError: OnToolError;
  /** What came before the calls. */
  readonly conversation: readonly Message[];
};

/**
 * Checks the calls of one turn before any of them runs. A call that cannot be run fails with a `ToolError` where the
 * model may not mend its calls any more, or names no tool while errors are to be thrown.
 */
export const checkCalls = (
  calls: readonly ToolCall[],
  tools: readonly Tool[],
  { mayMend, onToolError, conversation }: CallRules,
): Observable<readonly CheckedCall[]> =>
  from(calls).pipe(
    concatMap((call) => checkCall(call, tools)),
    map((checked, index) => refuseRepeat(checked, calls.slice(0, index), conversation)),
    map((checked) => {
      const { call, tool, complaint } = checked;
      const fatal = !mayMend || (tool === undefined && onToolError === 'throw');
      if (complaint !== undefined && fatal) throw new ToolError(complaint, call);
      return checked;
    }),
    toArray(),
  );

/** What must not be done twice is not done for the id of a call that has an answer, or comes before it in its turn. */
const refuseRepeat = (
  checked: CheckedCall,
  before: readonly ToolCall[],
  conversation: readonly Message[],
): CheckedCall => {
  const { call, tool } = checked;
  if (checked.complaint !== undefined || tool === undefined || tool.idempotent) return checked;
  const answered = conversation.some((message) => message.role === 'tool' && message.toolCallId === call.id);
  if (!answered && before.every(({ id }) => id !== call.id)) return checked;
  const complaint = `Expected a call of ${call.name} with an id of its own, received ${call.id} again: it does not run twice`;
  return { call, tool, complaint };
};

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
