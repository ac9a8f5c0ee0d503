import type { Question } from '../questions.ts';
import type { Answer } from './answer.ts';

/** When a reader leaves: once it has read so many tokens, or so many milliseconds after it asked. */
export type Patience = { readonly tokens: number } | { readonly milliseconds: number };

/** What a model did after its reader had left. */
export type Aftermath = {
  /** Tokens of the prompt or of the answer that were computed by runs that ended later. */
  readonly tokens: number;
  /** Milliseconds until the last of these runs ended; 0 where there was none. */
  readonly rest: number;
  /** Milliseconds of processor time that the process took, all threads together. */
  readonly processor: number;
};

/** Bytes. */
export type Memory = {
  /** What the process has of the machine's memory. */
  readonly resident: number;
  /** What the heaps of all threads keep after a collection; absent where they are not watched. */
  readonly heap?: number;
};

/** What the process of a contestant is asked, and what it answers. */
export type Orders = {
  /** Asks the questions at the same time. */
  answer(questions: readonly Question[]): Promise<readonly Answer[]>;
  /** Asks the questions at the same time, and gives the 99th percentile of the event loop's delay meanwhile, in ms. */
  delay(questions: readonly Question[]): Promise<number>;
  /** Leaves an answer, tells the model so where `tells` is true, and waits until the model rests. */
  leave(question: Question, patience: Patience, tells: boolean): Promise<Aftermath>;
  memory(): Promise<Memory>;
};
