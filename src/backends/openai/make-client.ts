import { missingPeerText } from '../../runtime/missing-peer-text.ts';
import type { ChatClient } from './chat-client.ts';
import { ChatFailure } from './chat-failure.ts';
import type { Server } from './server.ts';

/**
 * Makes a client of the `openai` package.
 *
 * @throws ChatFailure where the package is not installed, or OpenAI is to be asked without a key.
 */
export const makeClient = async (
  { url, genuine, host, apiKey }: Server,
  headers: { readonly [name: string]: string } = {},
): Promise<ChatClient> => {
  const { OpenAI } = await import('openai').catch((cause: unknown) => {
    throw new ChatFailure(missingPeerText('openai', 'asks servers', cause), { retryable: false });
  });
  const named = Object.keys(headers).some((name) => /^(authorization|api-key)$/i.test(name));
  if (genuine && apiKey === undefined && !named) {
    throw new ChatFailure(`Expected an API key for ${host}, found none: pass \`apiKey\`, or set OPENAI_API_KEY`, {
      retryable: false,
    });
  }
  return new OpenAI({
    baseURL: url,
    // The client insists on a key, also where none is to be sent.
    apiKey: apiKey ?? 'none',
    defaultHeaders: { ...(apiKey === undefined && !named && { Authorization: null }), ...headers },
    // Those of the environment are nobody else's business.
    ...(!genuine && { organization: null, project: null }),
    maxRetries: 0,
    // It would log requests and answers. Whatever goes wrong is told to the reader.
    logLevel: 'off',
  });
};
