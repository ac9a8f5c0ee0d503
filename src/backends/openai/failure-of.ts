import { BackendError } from '../../runtime/backend-error.ts';
import { ChatFailure } from './chat-failure.ts';
import { isRetryable } from './is-retryable.ts';
import { retryAfter } from './retry-after.ts';
import type { Secrets } from './secrets.ts';
import { shorten } from './shorten.ts';

type Asked = {
  readonly backend: string;
  readonly host: string;
  readonly secrets: Secrets;
  /** Whether something of the answer has come. */
  readonly begun: boolean;
};

/** A failure before it is put into words. */
type Account = {
  readonly what: string;
  /** The words of others. */
  readonly said: string;
  readonly advice?: string | undefined;
  readonly facts: {
    readonly retryable: boolean;
    readonly status?: number;
    readonly retryAfter?: number;
    readonly cause?: unknown;
  };
};

/** What an error of the client tells beside its message. */
type Facts = {
  readonly status?: unknown;
  readonly code?: unknown;
  readonly type?: unknown;
  readonly headers?: Pick<Headers, 'get'>;
};

/** A failure as who asked is told: what it is, whether to try again and when, and nothing that is secret. */
export const failureOf = (thrown: unknown, { backend, secrets, ...asked }: Asked): BackendError => {
  const error: Error & Facts = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { what, said, advice, facts } =
    error instanceof ChatFailure
      ? ofAnswer(error)
      : typeof error.status === 'number'
        ? ofStatus(error.status, error, asked)
        : ofConnection(error, asked);
  // Hidden before it is cut, or the beginning of a secret would be left.
  const message = [what, shorten(secrets.hide(said)), advice].filter(Boolean).join(': ');
  const cause = error instanceof ChatFailure ? {} : { cause: withoutSecrets(error, secrets) };
  return new BackendError(message, { backend, ...facts, ...cause });
};

const ofAnswer = ({ message, said, retryable, status }: ChatFailure): Account => ({
  what: message,
  said,
  facts: { retryable, ...(status !== undefined && { status }) },
});

const ofStatus = (
  status: number,
  { message, code, type, headers }: Error & Facts,
  { host }: Pick<Asked, 'host'>,
): Account => {
  const wait = headers && retryAfter(headers);
  return {
    what: `Expected the answer of ${host}, received status ${status}`,
    said: message.replace(`${status} `, ''),
    advice: advice[status],
    facts: {
      retryable: isRetryable(status, `${code} ${type}`),
      status,
      ...(wait !== undefined && { retryAfter: wait }),
    },
  };
};

const advice: { readonly [status: number]: string } = {
  401: 'check `apiKey`',
  403: 'check `apiKey`',
  404: 'check `model` and `baseURL`',
};

const ofConnection = (error: Error, { host, begun }: Pick<Asked, 'host' | 'begun'>): Account => {
  const chain = causes(error);
  return {
    what: `Expected the answer of ${host}, received ${begun ? 'a part' : 'none'}`,
    said: chain.at(-1)?.message || error.message,
    facts: { retryable: !chain.some(({ code }) => permanent.test(String(code))) },
  };
};

/** Codes of a connection that will not do the next time either. */
const permanent = /^(ERR_INVALID_URL|CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO)/;

/** The error and its causes, outermost first. */
const causes = (error: Error): readonly (Error & Facts)[] => {
  const chain = [error];
  for (let next = error.cause; next instanceof Error && !chain.includes(next); next = next.cause) chain.push(next);
  return chain;
};

/** A copy with names, messages and codes only: the client's errors carry headers. */
const withoutSecrets = (error: Error, secrets: Secrets): Error | undefined =>
  causes(error).reduceRight<Error | undefined>((cause, { name, message, code }) => {
    const copy = new Error(secrets.hide(message), cause && { cause });
    return Object.assign(copy, { name }, typeof code === 'string' && { code });
  }, undefined);
