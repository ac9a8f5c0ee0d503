import { backendContract } from 'millrace/testing';
import { openai } from 'millrace/openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chatAnswer } from '../../support/chat-chunks.ts';
import { ChatServer } from '../../support/chat-server.ts';

let server: ChatServer;
beforeAll(async () => {
  server = await ChatServer.open({ chunks: chatAnswer(['One', ' two', ' three', ' four']) });
});
afterAll(() => server.close());

describe('the contract of openai', () => {
  const begun = new Map<object, number>();
  const subject = {
    backend: () => {
      const backend = openai({ model: 'gpt-test', baseURL: server.url });
      begun.set(backend, server.requests.length);
      return backend;
    },
    failing: () => openai({ model: 'gpt-test', baseURL: 'http://127.0.0.1:1/v1' }),
    begun: (backend: object) => server.requests.length - (begun.get(backend) ?? 0),
  };
  for (const { title, check } of backendContract(subject)) it(title, check);
  it('x', () => expect(1).toBe(1));
});
