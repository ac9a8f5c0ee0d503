import type { Question } from '../questions.ts';

/** One of those that are compared, in a process of its own: the model is loaded and has answered once. */
export type Contestant = {
  /**
   * Begins to answer, greedily.
   *
   * @param read Is told each piece of the answer as it comes.
   */
  begin(question: Question, read: (text: string) => void): Reading;
};

/** An answer that is being read. */
export type Reading = {
  /** Settles when the model has ended the answer, or has been told that nobody reads it. */
  readonly done: Promise<{
    /** Tokens of the prompt. */
    readonly input: number;
    /** Tokens of the answer. */
    readonly tokens: number;
    /** Tokens of the prompt that were not computed again. */
    readonly cached: number;
  }>;
  /** Tells the model that its reader has left. */
  leave(): void;
};

/** How a contestant is opened. */
export type Settings = {
  /** Whether the runs of the model are counted and its heaps can be weighed. It costs a little time in each run. */
  readonly watched?: boolean;
  /** Questions that are answered at once, for those that must know before. Defaults to 1. */
  readonly places?: number;
  /** Tokens that one question and its answer may take, for those that must know before. Defaults to 2304. */
  readonly context?: number;
};

/** Threads that compute, the same for all. */
export const threads = 2;
