import { defer, type Observable } from 'rxjs';
import { BackendError } from '../../runtime/backend-error.ts';
import { mapError } from '../../runtime/flow/map-error.ts';
import type { InferenceEvent } from '../../runtime/inference-event.ts';
import { isRetryable } from '../../runtime/is-retryable.ts';
import type { Tool } from './tool.ts';

/**
 * Runs a tool loop with these tools. Once one has begun that must not run twice, an error of the model is not retryable any
 * more: whoever asks again from the start, such as `fallback` around the loop, would have it run a second time.
 */
export const onceOnly = (
  tools: readonly Tool[],
  loop: (tools: readonly Tool[]) => Observable<InferenceEvent>,
): Observable<InferenceEvent> => {
  if (tools.every(({ idempotent }) => idempotent)) return loop(tools);
  return defer(() => {
    let begun: string | undefined;
    const noted = (tool: Tool): Tool => ({
      ...tool,
      execute: (args, context) => {
        begun = tool.name;
        return tool.execute(args, context);
      },
    });
    const watched = tools.map((tool) => (tool.idempotent ? tool : noted(tool)));
    return loop(watched).pipe(mapError((error) => (begun && isRetryable(error) ? unrepeatable(error, begun) : error)));
  });
};

const unrepeatable = (error: BackendError, tool: string): BackendError => {
  const { backend, status } = error;
  const message = `${error.message} (the tool ${tool} has run and must not run twice: retry and fall back beneath callTools, not around it)`;
  return new BackendError(message, {
    backend,
    retryable: false,
    ...(status !== undefined && { status }),
    cause: error,
  });
};
