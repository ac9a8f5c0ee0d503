import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { InferenceRequest } from 'millrace';
import { openai } from 'millrace/openai';
import { lastValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chatAnswer } from '../support/chat-chunks.ts';
import { ChatServer } from '../support/chat-server.ts';

const file = '../shared/outside/openai/openapi.json';
const here = existsSync(file);
if (!here) console.log(`skipped: ${file} is not here`);

const tools = [{ name: 'a tool', description: 'x', parameters: { type: 'object', properties: {} } }];
const call = { id: 'c', name: 'a tool', arguments: { n: 1 } };

describe.skipIf(!here)('the description of the OpenAI API', () => {
  let server: ChatServer;
  let validate: ValidateFunction;
  beforeAll(async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    // A keyword of older descriptions, which this one uses in places where it means nothing.
    ajv.addSchema(
      JSON.parse(readFileSync(file, 'utf8'), (key, value) => (key === 'nullable' ? undefined : value)),
      'api',
    );
    validate = ajv.compile({ $ref: 'api#/components/schemas/CreateChatCompletionRequest' });
    server = await ChatServer.open({ chunks: chatAnswer(['Hi']) });
  });
  afterAll(() => server?.close());

  it.each<[string, Partial<InferenceRequest>]>([
    ['a question', {}],
    ['all of the sampling', { temperature: 0.5, topP: 0.9, seed: 4, maxTokens: 10, stop: ['a', 'b'] }],
    ['tools', { tools, toolChoice: 'required' }],
    ['the choice of a tool', { tools, toolChoice: { name: 'a tool' } }],
    ['a schema', { schema: { type: 'string', enum: ['a', 'b'] } }],
    [
      'calls and their results',
      {
        messages: [
          { role: 'system', content: 's' },
          { role: 'user', content: 'x' },
          { role: 'assistant', content: '', toolCalls: [call] },
          { role: 'tool', content: '1', toolCallId: 'c' },
        ],
      },
    ],
  ])('allows what goes out for %s', async (_, fields) => {
    const model = openai({ model: 'gpt-4.1', baseURL: server.url, maxTokensField: 'max_completion_tokens' });
    await lastValueFrom(model.infer({ id: 'r', messages: [{ role: 'user', content: 'x' }], ...fields }));
    expect(validate(server.last.body), JSON.stringify(validate.errors)).toBe(true);
    // A description that allows everything would prove nothing.
    expect(validate({ ...server.last.body, messages: 'x' })).toBe(false);
  });
});
