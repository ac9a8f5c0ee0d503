import type { Message } from './message.ts';
import type { ToolCall } from './tool-call.ts';

/** Why a model ended its answer. */
export type FinishReason = 'stop' | 'length' | 'tool-calls';

/** Tokens of one request. */
export type Usage = {
  readonly input: number;
  /** Of `input`, those that were not computed again. */
  readonly cached: number;
  readonly output: number;
};

/** Milliseconds from the request's start: `queue` and `load` are spans, `firstToken` and `total` count from the start. */
export type Timing = {
  readonly queue: number;
  readonly load: number;
  readonly firstToken: number;
  readonly total: number;
};

/** Who answered. */
export type Served = {
  /** The backend's `id`. */
  readonly backend: string;
  readonly model: string;
  readonly location: 'device' | 'cloud';
  /** Which attempt of a fallback it was, from 1; absent where there is nothing to fall back to. */
  readonly attempt?: number;
  /** The one that really ran, such as `cpu` or `cuda`; absent in the cloud. */
  readonly executionProvider?: string;
  /** Those that were tried before it and do not work here, each with its reason; absent where there was none. */
  readonly passedOver?: readonly { readonly executionProvider: string; readonly reason: string }[];
};

/**
 * What held an answer to its schema: `enforced` while it was written, `validated` afterwards, `repaired` by asking
 * again, or `none`.
 */
export type Constraint = 'enforced' | 'validated' | 'repaired' | 'none';

type Envelope = {
  /** The `id` of the request that this event answers. */
  readonly request: string;
  /** Counts from 1; rises when a request begins anew. */
  readonly attempt: number;
};

export type TokenEvent = Envelope & { readonly type: 'token'; readonly text: string };

export type ReasoningEvent = Envelope & { readonly type: 'reasoning'; readonly text: string };

/** A piece of a call while it is being written. The `tool-call` that follows is the whole. */
export type ToolCallDeltaEvent = Envelope & {
  readonly type: 'tool-call-delta';
  /** Which call of the turn, from 0. */
  readonly index: number;
  /** The tool's name, on the first piece of a call. */
  readonly tool?: string;
  /** JSON text to append to the arguments so far. */
  readonly arguments: string;
};

export type ToolCallEvent = Envelope & { readonly type: 'tool-call'; readonly call: ToolCall };

export type ToolResultEvent = Envelope & {
  readonly type: 'tool-result';
  readonly call: ToolCall;
  /** What went back to the model, as text. */
  readonly output: string;
};

/** What this request has shown so far is void: a new attempt begins. */
export type RetractEvent = Envelope & { readonly type: 'retract' };

export type FinishEvent = Envelope & {
  readonly type: 'finish';
  readonly reason: FinishReason;
  /** The conversation with the answer as its last message. */
  readonly messages: readonly Message[];
  readonly usage: Usage;
  readonly timing: Timing;
  readonly served: Served;
  readonly constraint: Constraint;
};

/** Everything that a model says, as it says it. */
export type InferenceEvent =
  | TokenEvent
  | ReasoningEvent
  | ToolCallDeltaEvent
  | ToolCallEvent
  | ToolResultEvent
  | RetractEvent
  | FinishEvent;
