import { readFileSync } from 'node:fs';
import { inferText } from 'millrace';
import { type OpenAIOptions, openai } from 'millrace/openai';
import { lastValueFrom, of } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chatAnswer } from '../../support/chat-chunks.ts';
import { ChatServer } from '../../support/chat-server.ts';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');

/** Every `const name = openai({ … });` of the README. */
const snippets = [...readme.matchAll(/^const (\w+) = (openai\(\{[^\n]*\}\));$/gm)].map(([, name = '', call = '']) => ({
  name,
  call,
}));

let server: ChatServer;
beforeAll(async () => {
  server = await ChatServer.open({ chunks: chatAnswer(['Hello', ' there']) });
});
afterAll(() => server.close());

describe('the servers in the README', () => {
  it('are three and more', () => {
    expect(snippets.map(({ name }) => name)).toEqual(expect.arrayContaining(['gpt', 'ollama', 'gateway']));
  });

  it.each(snippets)('$name is asked as it stands there, but for where it is', async ({ call }) => {
    const asked: OpenAIOptions[] = [];
    const here = (options: OpenAIOptions) => {
      asked.push(options);
      // What the README says is refused here, where it is wrong.
      openai({ ...options, apiKey: options.apiKey ?? 'none' });
      return openai({ ...options, baseURL: server.url });
    };
    const model = new Function('openai', 'key', 'large', 'baseURL', `return ${call}`)(
      here,
      'secret',
      { id: 'large' },
      server.url,
    );
    expect(await lastValueFrom(of('Hi').pipe(inferText(model)))).toBe('Hello there');
    expect(server.requests.at(-1)?.body.model).toBe(asked[0]?.model);
  });
});
