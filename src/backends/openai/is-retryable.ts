const hopeless = /content_?(filter|policy)|context_(length|size|window)|moderation/i;
const refused =
  /invalid|bad_?request|authentication|permission|forbidden|not_?found|unsupported|unknown_?(model|parameter)/i;

/**
 * Whether a request may succeed later that a server has failed.
 *
 * @param status The HTTP status; absent where the failure came within an answer, and named none.
 * @param kind What the server calls it: the error's `code` and `type`.
 */
export const isRetryable = (status: number | undefined, kind: string): boolean => {
  if (hopeless.test(kind)) return false;
  if (status === undefined) return !refused.test(kind);
  return [408, 409, 425, 429].includes(status) || status >= 500;
};
