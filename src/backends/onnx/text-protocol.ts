import type { InferenceRequest } from '../../runtime/inference-request.ts';
import type { PieceTable } from './token-pieces.ts';
import type { TurnPlan } from './turn.ts';

/** What the text thread of a model is started with. It loads the tokenizer at once. */
export type TextStart = {
  readonly folder: string;
  /** The memory of the native gate of the model's thread. */
  readonly gate: SharedArrayBuffer;
};

/** What the text thread is told. */
export type TextOrder =
  /** What the model turned out to be; comes before the first plan. */
  | { readonly type: 'model'; readonly vocabulary: number; readonly stopIds: readonly number[] }
  /** Asks for a plan. It is answered with `planned` or `failed`, unless the request leaves before. */
  | { readonly type: 'plan'; readonly id: number; readonly request: InferenceRequest }
  /** The token that was chosen in the answer of a request. It is answered in the memory of the plan's `constraint`. */
  | { readonly type: 'accept'; readonly id: number; readonly token: number }
  /** The request has ended, or is withdrawn. */
  | { readonly type: 'leave'; readonly id: number };

/** What the text thread tells. */
export type TextReport =
  | { readonly type: 'loaded'; readonly pieces: PieceTable; readonly endId: number | undefined }
  /** The tokenizer does not load, or a request cannot be planned where it has an `id`. */
  | { readonly type: 'failed'; readonly id?: number; readonly error: Error }
  | {
      readonly type: 'planned';
      readonly id: number;
      readonly plan: TurnPlan;
      /** The memory where is told what may come next, if the answer is held to a grammar. */
      readonly constraint?: SharedArrayBuffer;
    };
