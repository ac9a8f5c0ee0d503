import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InferenceEvent } from 'millrace';
import { openai } from 'millrace/openai';
import { lastValueFrom, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatServer } from '../support/chat-server.ts';

const folder = '../shared/outside/sse';
const here = existsSync(folder);
if (!here) console.log(`skipped: ${folder} is not here`);
const files = here ? readdirSync(folder).filter((name) => name.endsWith('.txt')) : [];

/**
 * What a recording says, read with as few opinions as possible: a field's texts one after another, the arguments of each
 * call by its index, the last of everything else.
 */
const readingOf = (recording: string) => {
  const chunks = recording
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));
  const joined = (field: string) =>
    chunks.map((chunk) => chunk.choices[0]?.delta?.[field]).reduce((text, piece) => text + (piece ?? ''), '');
  const calls: { name: string; text: string; id: string }[] = [];
  for (const piece of chunks.flatMap((chunk) => chunk.choices[0]?.delta?.tool_calls ?? [])) {
    calls[piece.index] ??= { id: piece.id, name: piece.function.name, text: '' };
    (calls[piece.index] as { text: string }).text += piece.function.arguments ?? '';
  }
  const finish: string = chunks.map((chunk) => chunk.choices[0]?.finish_reason).findLast(Boolean);
  const { usage } = chunks.findLast((chunk) => chunk.usage);
  return {
    text: joined('content'),
    reasoning: joined('reasoning') + joined('reasoning_content'),
    calls: calls.map(({ id, name, text }) => ({ id, name, arguments: JSON.parse(text) })),
    reason: finish === 'tool_calls' ? 'tool-calls' : finish,
    model: chunks.map((chunk) => chunk.model).findLast(Boolean),
    input: usage.prompt_tokens,
    // All of these count what is not the prompt as written, reasoning included.
    output: usage.total_tokens - usage.prompt_tokens,
    cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
  };
};

const saidIn = (events: readonly InferenceEvent[]) => {
  const finish = events.at(-1);
  if (finish?.type !== 'finish') throw new Error('Expected a finish at the end');
  const answer = finish.messages.at(-1);
  const texts = (type: 'token' | 'reasoning') =>
    events.map((event) => (event.type === type ? event.text : '')).join('');
  expect(answer?.content).toBe(texts('token'));
  expect((answer?.role === 'assistant' && answer.toolCalls) || []).toEqual(
    events.flatMap((event) => (event.type === 'tool-call' ? [event.call] : [])),
  );
  return {
    text: texts('token'),
    reasoning: texts('reasoning'),
    calls: events.flatMap((event) => (event.type === 'tool-call' ? [event.call] : [])),
    reason: finish.reason,
    model: finish.served.model,
    ...finish.usage,
  };
};

const ask = (url: string): Promise<InferenceEvent[]> =>
  lastValueFrom(
    openai({ model: 'any', baseURL: url })
      .infer({ id: 'r', messages: [{ role: 'user', content: 'x' }] })
      .pipe(toArray()),
  );

describe.skipIf(!here)('recorded streams of eight providers', () => {
  let server: ChatServer;
  let recording = '';
  beforeAll(async () => {
    server = await ChatServer.open(() => ({
      chunks: recording
        .split('\n')
        .filter(Boolean)
        .map((line) => `data: ${line}\n\n`),
    }));
  });
  afterAll(() => server?.close());

  it('finds the recordings', () => expect(files.length).toBeGreaterThanOrEqual(16));

  it.each(files)('reads %s as it is', async (file) => {
    recording = readFileSync(join(folder, file), 'utf8');
    const reading = readingOf(recording);
    expect(saidIn(await ask(server.url))).toEqual(reading);
    // A reading that found nothing would prove nothing.
    expect(reading.text.length + reading.calls.length).toBeGreaterThan(0);
  });

  it.each(files)('tells the calls of %s while they are written', async (file) => {
    recording = readFileSync(join(folder, file), 'utf8');
    const pieces = (await ask(server.url)).filter((event) => event.type === 'tool-call-delta');
    const calls = readingOf(recording).calls;
    expect(calls.map(({ name }) => name)).toEqual(pieces.flatMap(({ tool }) => tool ?? []));
    calls.forEach((call, place) => {
      const text = pieces.filter(({ index }) => index === place).map((piece) => piece.arguments);
      expect(JSON.parse(text.join(''))).toEqual(call.arguments);
    });
  });

  it.each(files)('reads %s the same in one piece, and with other line ends', async (file) => {
    const lines = readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean);
    const whole = lines.map((line) => `: comment\r\nevent: message\r\ndata:${line}\r\n\r\n`).join('');
    const reply = server.reply;
    server.reply = () => ({ body: whole });
    expect(saidIn(await ask(server.url))).toEqual(readingOf(lines.join('\n')));
    server.reply = reply;
  });
});
