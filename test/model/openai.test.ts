import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chatAnswer } from '../support/chat-chunks.ts';
import { ChatServer } from '../support/chat-server.ts';
import { installMillrace } from '../support/install-millrace.ts';
import { runProgram } from '../support/program.ts';

const temporary = mkdtempSync(join(tmpdir(), 'millrace-'));
let server: ChatServer;
beforeAll(async () => {
  server = await ChatServer.open({ chunks: chatAnswer(['Hel', 'lo']) });
});
afterAll(() => {
  rmSync(temporary, { recursive: true });
  return server.close();
});

const ask = (...names: readonly string[]) =>
  runProgram(
    `import { infer, text } from 'millrace';
     import { openai } from 'millrace/openai';
     import { of } from 'rxjs';
     of('x').pipe(infer(openai({ model: 'm', baseURL: '${server.url}' })), text()).subscribe({
       next: console.log,
       error: ({ name, retryable, message }) => console.log(name, retryable, message),
     });`,
    installMillrace(temporary, names),
  );

describe('a program with openai', () => {
  it('gets its answer, and ends by itself', async () => {
    expect(await ask('openai')).toEqual({ code: 0, signal: null, output: 'Hello\n' });
  });

  it('is told which package is missing and how to install it', async () => {
    const { code, output } = await ask();
    expect(output).toBe(
      'BackendError false Expected the package openai beside millrace, which asks servers with it, found none: npm install openai\n',
    );
    expect(code).toBe(0);
  });
});
