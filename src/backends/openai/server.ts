import type { OpenAIOptions } from './openai-options.ts';
import { Secrets } from './secrets.ts';

/** Where requests go, and with what. */
export type Server = {
  readonly url: string;
  /** For people. */
  readonly host: string;
  /** Whether it is one of OpenAI or Azure OpenAI, which keep what OpenAI promises. */
  readonly genuine: boolean;
  readonly apiKey?: string | (() => Promise<string>);
  readonly secrets: Secrets;
};

/** Reads from the options, and where they say nothing from the environment, which server is meant. */
export const serverOf = ({ client, baseURL, apiKey, headers = {} }: OpenAIOptions): Server => {
  if (client) return { ...place(client.baseURL), secrets: new Secrets([client.apiKey]) };
  const server = place(baseURL ?? (process.env.OPENAI_BASE_URL || 'https://api.openai.com/v1'));
  const trusted = server.genuine || baseURL === undefined;
  const key = apiKey ?? ((trusted && process.env.OPENAI_API_KEY) || undefined);
  const secrets = new Secrets([key, ...Object.values(headers)]);
  return { ...server, secrets, ...(key !== undefined && { apiKey: secrets.keep(key) }) };
};

const place = (url = ''): { url: string; host: string; genuine: boolean } => {
  if (!URL.canParse(url)) return { url, host: 'the server', genuine: false };
  const { host, hostname } = new URL(url);
  return { url, host, genuine: /(^|\.)openai(\.azure)?\.com$/.test(hostname) };
};
