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

/** What an error of the client tells beside its message. */
type Facts = {
  readonly status?: unknown;
  readonly code?: unknown;
  readonly type?: unknown;
  readonly headers?: Pick<Headers, 'get'>;
};

/** A failure as who asked is told: what it is, whether to try again and when, and nothing that is secret. */
export const failureOf = (thrown: unknown, { backend, host, secrets, begun }: Asked): BackendError => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { status, code, type, headers } = error as Facts;
  if (error instanceof ChatFailure) {
    const { retryable } = error;
    return new BackendError(secrets.hide(error.message), {
      backend,
      retryable,
      ...(error.status && { status: error.status }),
    });
  }
  const cause = withoutSecrets(error, secrets);
  if (typeof status === 'number') {
    const words = `Expected the answer of ${host}, received status ${status}: `;
    const wait = headers && retryAfter(headers);
    return new BackendError(words + shorten(cause.message.replace(`${status} `, '')) + advice(status), {
      backend,
      retryable: isRetryable(status, `${code} ${type}`),
      status,
      ...(wait !== undefined && { retryAfter: wait }),
      cause,
    });
  }
  const chain = causes(error);
  const permanent = chain.some((each) => untrusted.test(String((each as Facts).code)));
  const innermost = secrets.hide(chain.at(-1)?.message || error.message);
  const received = begun ? 'a part' : 'none';
  return new BackendError(`Expected the answer of ${host}, received ${received}: ${shorten(innermost)}`, {
    backend,
    retryable: !permanent,
    cause,
  });
};

/** Codes of a connection that will not do the next time either. */
const untrusted = /^(ERR_INVALID_URL|CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO)/;

const advice = (status: number): string => {
  if (status === 401 || status === 403) return ': check `apiKey`';
  return status === 404 ? ': check `model` and `baseURL`' : '';
};

/** The error and its causes, outermost first. */
const causes = (error: Error): readonly Error[] => {
  const chain = [error];
  for (let next = error.cause; next instanceof Error && !chain.includes(next); next = next.cause) chain.push(next);
  return chain;
};

/** A copy with names, messages and codes only: the client's errors carry headers. */
const withoutSecrets = (error: Error, secrets: Secrets): Error =>
  causes(error).reduceRight<Error | undefined>((cause, { name, message, code }: Error & Facts) => {
    const copy = new Error(secrets.hide(message), cause && { cause });
    return Object.assign(copy, { name }, typeof code === 'string' && { code });
  }, undefined) as Error;
