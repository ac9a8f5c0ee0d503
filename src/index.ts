export { type Admitted, admit } from './operators/admit.ts';
export { callTools } from './operators/call-tools.ts';
export { fallback } from './operators/fallback.ts';
export { infer } from './operators/infer.ts';
export { inferJson } from './operators/infer-json.ts';
export { inferText } from './operators/infer-text.ts';
export { mergeFanOut } from './operators/merge-fan-out.ts';
export type { AdmitOptions, AdmitState } from './operators/parts/admit-options.ts';
export type { Branches } from './operators/parts/branches.ts';
export type { BulkheadOptions } from './operators/parts/bulkhead-options.ts';
export type { CallToolsOptions, OnToolError } from './operators/parts/call-tools-options.ts';
export type { CircuitBreakerOptions } from './operators/parts/circuit-breaker-options.ts';
export type { FallbackOptions, OnPartial } from './operators/parts/fallback-options.ts';
export type { FanOut, FanOutOptions, FanOutValue } from './operators/parts/fan-out.ts';
export type { InferJsonOptions } from './operators/parts/infer-json-options.ts';
export type { Preference, PreferOptions } from './operators/parts/prefer-options.ts';
export type { Rejection } from './operators/parts/rejection.ts';
export { RetryBudget, type RetryBudgetOptions } from './operators/parts/retry-budget.ts';
export type { RetryOptions } from './operators/parts/retry-options.ts';
export type { RunOptions } from './operators/parts/run-options.ts';
export type { Tool, ToolContext } from './operators/parts/tool.ts';
export type { Verdict } from './operators/parts/verdict.ts';
export { type PreferringBackend, prefer } from './operators/prefer.ts';
export { type RouteOptions, route } from './operators/route.ts';
export { type Run, run } from './operators/run.ts';
export { type StepOptions, step } from './operators/step.ts';
export { text } from './operators/text.ts';
export { type ToolSpecification, tool } from './operators/tool.ts';
export { type VerifyOptions, verify } from './operators/verify.ts';
export { type CrowdedBackend, withBulkhead } from './operators/with-bulkhead.ts';
export { type BreakingBackend, withCircuitBreaker } from './operators/with-circuit-breaker.ts';
export { type WithFallbackOptions, withFallback } from './operators/with-fallback.ts';
export { withRetry } from './operators/with-retry.ts';
export type { ReadableOptions } from './readers/readable-options.ts';
export type { ReaderOptions } from './readers/reader-options.ts';
export type { SseOptions } from './readers/sse-options.ts';
export { toAsyncIterable } from './readers/to-async-iterable.ts';
export { toReadable } from './readers/to-readable.ts';
export { type ResponseOptions, toResponse } from './readers/to-response.ts';
export { toSse } from './readers/to-sse.ts';
export { AdmissionError } from './runtime/admission-error.ts';
export type { Attempt } from './runtime/attempt.ts';
export type { Backend } from './runtime/backend.ts';
export { BackendError } from './runtime/backend-error.ts';
export type { BackendFacts } from './runtime/backend-facts.ts';
export type { CircuitState } from './runtime/circuit-state.ts';
export type { DownloadProgress } from './runtime/download-progress.ts';
export { deliver } from './runtime/flow/deliver.ts';
export { fromGenerator } from './runtime/flow/from-generator.ts';
export { hold } from './runtime/flow/hold.ts';
export type { RunEvent, StepKind, StepReport } from './runtime/frames/run-event.ts';
export type { InferOptions } from './runtime/infer-options.ts';
export type {
  Constraint,
  FinishEvent,
  FinishReason,
  InferenceEvent,
  ReasoningEvent,
  RetractEvent,
  Served,
  Timing,
  TokenEvent,
  ToolCallDeltaEvent,
  ToolCallEvent,
  ToolResultEvent,
  Usage,
} from './runtime/inference-event.ts';
export type { InferenceRequest, ToolChoice } from './runtime/inference-request.ts';
export type { JsonSchema } from './runtime/json-schema.ts';
export type { Message } from './runtime/message.ts';
export { PartialError } from './runtime/partial-error.ts';
export type { Prompt } from './runtime/prompt.ts';
export { ReaderError } from './runtime/reader-error.ts';
export { RouteError } from './runtime/route-error.ts';
export type { Sampling } from './runtime/sampling.ts';
export type { FromSchema } from './runtime/schema/from-schema.ts';
export type { StandardSchema } from './runtime/schema/standard-schema.ts';
export { SchemaError, type SchemaIssue } from './runtime/schema-error.ts';
export { TimeoutError, type TimeoutLimit } from './runtime/timeout-error.ts';
export type { Timeouts } from './runtime/timeouts.ts';
export type { ToolCall } from './runtime/tool-call.ts';
export type { ToolDefinition } from './runtime/tool-definition.ts';
export { ToolError } from './runtime/tool-error.ts';
export { ToolRoundsError } from './runtime/tool-rounds-error.ts';
export { TruncatedError } from './runtime/truncated-error.ts';
export { VerificationError } from './runtime/verification-error.ts';
export type { Workflow } from './runtime/workflow.ts';
export { WorkflowError, type WorkflowErrorCode } from './runtime/workflow-error.ts';
