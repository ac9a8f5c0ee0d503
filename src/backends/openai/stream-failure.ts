import { ChatFailure } from './chat-failure.ts';
import { isRetryable } from './is-retryable.ts';

type Facts = { readonly [fact: string]: unknown };

/** The failure that a server tells of within an answer, in whatever shape. */
export const streamFailure = (error: unknown): ChatFailure => {
  const facts: Facts = typeof error === 'object' && error !== null ? (error as Facts) : { message: error };
  const { message, detail, code, type } = facts;
  const words = [message, detail].find((text) => typeof text === 'string' && text !== '') ?? JSON.stringify(error);
  const status = [facts.status, facts.status_code, code].map(Number).find((number) => number >= 400 && number < 600);
  const retryable = isRetryable(status, `${code} ${type}`);
  return new ChatFailure('Expected the whole answer, received an error', { retryable, status, said: String(words) });
};
