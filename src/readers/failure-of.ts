import { WorkflowError, type WorkflowErrorCode } from '../runtime/workflow-error.ts';

/** What a client is told of an error. */
export type Failure = { readonly code: WorkflowErrorCode; readonly message: string };

/** Codes whose messages quote nothing but the workflow and its answer. */
const telling: ReadonlySet<WorkflowErrorCode> = new Set([
  'schema',
  'truncated',
  'tool-rounds',
  'route',
  'fan-out',
  'admission',
  'timeout',
]);

/** Tells what may be told of an error. An error of another kind has the code of a step that failed. */
export const failureOf = (error: unknown, toMessage: (error: unknown) => string = messageOf): Failure => ({
  code: error instanceof WorkflowError ? error.code : 'step',
  message: toMessage(error),
});

const messageOf = (error: unknown): string =>
  error instanceof WorkflowError && telling.has(error.code) ? error.message : 'The answer failed on the server.';
