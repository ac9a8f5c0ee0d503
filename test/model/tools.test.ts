import {
  BackendError,
  callTools,
  type InferenceEvent,
  infer,
  type ToolCall,
  type ToolDefinition,
  tool,
} from 'millrace';
import { onnx } from 'millrace/onnx';
import { catchError, EMPTY, lastValueFrom, of, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { modelFolder } from '../support/models.ts';

const parameters = {
  type: 'object',
  properties: { word: { type: 'string', maxLength: 4 }, count: { type: 'integer', minimum: 1, maximum: 9 } },
  required: ['word', 'count'],
  additionalProperties: false,
} as const;

const definitions: readonly ToolDefinition[] = [
  { name: 'repeat.word', description: 'Repeats a word.', parameters },
  { name: 'stop', parameters: { type: 'object', properties: {}, additionalProperties: false } },
];

const all = (name: string, options: object): Promise<InferenceEvent[]> =>
  lastValueFrom(of('Say hi.').pipe(infer(onnx(modelFolder(name)), options), toArray()));

const written = (events: readonly InferenceEvent[]): string =>
  events.map((event) => (event.type === 'token' ? event.text : '')).join('');

const calls = (events: readonly InferenceEvent[]): readonly ToolCall[] =>
  events.flatMap((event) => (event.type === 'tool-call' ? [event.call] : []));

const isValid = ({ name, arguments: given }: ToolCall): boolean => {
  const { word, count, ...others } = given as { word?: string; count?: number };
  if (name === 'stop') return Object.keys(given as object).length === 0;
  const fits = typeof word === 'string' && [...word].length <= 4 && Number.isInteger(count) && Number(count) <= 9;
  return name === 'repeat.word' && fits && Object.keys(others).length === 0;
};

/** With random weights, what is right is right because of the grammar. */
const random = ['tiny-qwen3', 'tiny-phi3', 'tiny-llama', 'tiny-gemma3'];

describe('onnx with tools', () => {
  it.each(random)('lets %s write only calls that are valid, and shows nothing of them as text', async (name) => {
    const seeds = [1, 2, 3, 4];
    const answers = await Promise.all(
      seeds.map((seed) =>
        all(name, { tools: definitions, toolChoice: 'required', temperature: 1.3, seed, maxTokens: 150 }),
      ),
    );
    for (const events of answers) {
      expect(calls(events).length).toBeGreaterThan(0);
      expect(calls(events).filter((call) => !isValid(call))).toEqual([]);
      expect(written(events)).toBe('');
    }
  });

  it.each(random)('streams the calls of %s before they are whole', async (name) => {
    const events = await all(name, {
      tools: definitions,
      toolChoice: { name: 'repeat.word' },
      seed: 1,
      temperature: 1,
      maxTokens: 150,
    });
    const [call] = calls(events) as [ToolCall];
    const pieces = events.flatMap((event) => (event.type === 'tool-call-delta' && event.index === 0 ? [event] : []));
    expect(call.name).toBe('repeat.word');
    expect(pieces.map((piece) => piece.tool ?? '').join('')).toBe('repeat.word');
    expect(JSON.parse(pieces.map((piece) => piece.arguments).join(''))).toEqual(call.arguments);
    expect(pieces.length).toBeGreaterThan(2);
    expect(events.findIndex(({ type }) => type === 'tool-call')).toBeGreaterThan(events.indexOf(pieces[0] as never));
  });

  it('ends a turn that calls with `tool-calls`, and keeps the calls in the conversation', async () => {
    const events = await all('tiny-phi3', { tools: definitions, toolChoice: { name: 'stop' } });
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'tool-calls' });
    const { messages } = events.at(-1) as InferenceEvent & { type: 'finish' };
    expect(messages.at(-1)).toEqual({ role: 'assistant', content: '', toolCalls: calls(events) });
  });

  it('calls nothing where `toolChoice` is none', async () => {
    const events = await all('tiny-qwen3', { tools: definitions, toolChoice: 'none', maxTokens: 20 });
    expect(calls(events)).toEqual([]);
  });

  it('runs a tool with what the embedded model read from the question', async () => {
    const asked: unknown[] = [];
    const weather = tool({
      name: 'get_weather',
      description: 'Tells the weather in a city.',
      parameters: {
        type: 'object',
        properties: { city: { type: 'string', maxLength: 30 } },
        required: ['city'],
        additionalProperties: false,
      },
      execute: ({ city }) => {
        asked.push(city);
        return 'Sunny, 21 degrees.';
      },
    });
    const answer = of('What is the weather in Oslo?').pipe(
      callTools(onnx(), [weather], { toolChoice: 'required', maxTokens: 60, maxRounds: 1 }),
      catchError(() => EMPTY),
    );
    await lastValueFrom(answer, { defaultValue: undefined });
    expect(asked).toEqual(['Oslo']);
  });

  it.each([
    [{ tools: definitions, toolChoice: { name: 'nobody' } }, /one of the tools "repeat.word", "stop"/],
    [{ tools: definitions, schema: { type: 'string' } }, /`tools` or with `schema`/],
  ])('refuses %j', async (options, message) => {
    const asked = all('tiny-qwen3', options);
    await expect(asked).rejects.toThrow(BackendError);
    await expect(asked).rejects.toThrow(message);
  });
});
