import type { Constraint, FinishEvent } from 'millrace';

/** What one request to a model cost, in numbers. */
export type Figures = {
  readonly step: string;
  readonly model: string;
  /** Tokens of the prompt. */
  readonly input: number;
  /** Tokens of the answer. */
  readonly output: number;
  /** Milliseconds. */
  readonly firstToken: number;
  /** Milliseconds. */
  readonly total: number;
  /** Tokens per second after the first one; absent where there are fewer than five, or all came at once. */
  readonly rate?: number;
  readonly constraint: Constraint;
};

/** Reads the figures of a request from its `finish`. */
export const figuresOf = (step: string, { usage, timing, served, constraint }: FinishEvent): Figures => {
  const { firstToken, total } = timing;
  const { input, output } = usage;
  const rate = output >= 5 && total - firstToken >= output ? ((output - 1) * 1000) / (total - firstToken) : undefined;
  const base = { step, model: served.model, input, output, firstToken, total, constraint };
  return rate === undefined ? base : { ...base, rate };
};

/** Milliseconds as a reader takes them in: `310 ms`, `1.2 s`. */
export const showDuration = (milliseconds: number): string =>
  milliseconds < 999.5 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;

/** Tokens per second, or `–` where there is no such figure. */
export const showRate = (rate: number | undefined): string =>
  rate === undefined ? '–' : rate < 9.95 ? rate.toFixed(1) : String(Math.round(rate));

/** The figures in one line, as they stand under an answer. */
export const showFigures = ({ output, firstToken, total, rate, constraint }: Figures): string =>
  [
    `${output} ${output === 1 ? 'token' : 'tokens'} in ${showDuration(total)}`,
    `first after ${showDuration(firstToken)}`,
    ...(rate === undefined ? [] : [`${showRate(rate)} tokens/s`]),
    ...(constraint === 'none' ? [] : [`schema ${constraint}`]),
  ].join(' · ');
