import type { FinishEvent } from '../../runtime/inference-event.ts';

/** How much the last answer weighs against all before it. */
const weight = 0.3;

/** How fast a backend has been so far, from the answers that it has finished; times are in milliseconds. */
export class Speed {
  /** Until the first token, without loading. */
  firstToken: number | undefined;
  #load: number | undefined;
  #perToken: number | undefined;
  #tokens: number | undefined;

  observe({ timing: { load, firstToken, total }, usage: { output } }: FinishEvent): void {
    this.firstToken = mean(this.firstToken, firstToken - load);
    this.#perToken = mean(this.#perToken, (total - firstToken) / Math.max(1, output - 1));
    this.#tokens = mean(this.#tokens, output);
    if (load > 0) this.#load = mean(this.#load, load);
  }

  /** How long a whole answer takes, where one was seen. */
  expect(maxTokens: number = Number.POSITIVE_INFINITY, loaded: boolean): number | undefined {
    if (this.firstToken === undefined || this.#perToken === undefined || this.#tokens === undefined) return undefined;
    const tokens = Math.min(this.#tokens, maxTokens);
    return (loaded ? 0 : (this.#load ?? 0)) + this.firstToken + this.#perToken * Math.max(0, tokens - 1);
  }
}

const mean = (before: number | undefined, now: number): number =>
  before === undefined ? now : before + weight * (now - before);
