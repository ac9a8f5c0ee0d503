export type { ChatClient } from './chat-client.ts';
export { type OpenAIBackend, openai } from './openai.ts';
export type { OpenAIOptions } from './openai-options.ts';
