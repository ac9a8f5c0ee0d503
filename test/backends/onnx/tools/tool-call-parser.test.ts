import { describe, expect, it } from 'vitest';
import type { OutputParser, ParsedEvent } from '../../../../src/backends/onnx/output-parser.ts';
import { reasoningParser } from '../../../../src/backends/onnx/tools/reasoning-parser.ts';
import { toolCallParser } from '../../../../src/backends/onnx/tools/tool-call-parser.ts';
import { toolFormatOf } from '../../../../src/backends/onnx/tools/tool-format.ts';

const idOf = (index: number) => `call-${index}`;
const withTokens = (...tokens: string[]) => ({ idOf: (token: string) => (tokens.includes(token) ? 7 : undefined) });
const qwen = () => toolCallParser(toolFormatOf(withTokens('<tool_call>', '</tool_call>')), idOf);
const phi = () => toolCallParser(toolFormatOf(withTokens('<|tool_call|>', '<|/tool_call|>')), idOf);
const bare = () => toolCallParser(toolFormatOf(withTokens()), idOf);

/** Everything that a parser makes of a text that comes in pieces of `size` characters. */
const read = (parser: OutputParser, text: string, size: number) => {
  const events: ParsedEvent[] = [];
  for (let at = 0; at < text.length; at += size) events.push(...parser.push(text.slice(at, at + size)));
  events.push(...parser.end());
  return summary(events);
};

const summary = (events: readonly ParsedEvent[]) => {
  const deltas: { name: string; arguments: string }[] = [];
  let text = '';
  let reasoning = '';
  for (const event of events) {
    if (event.type === 'token') text += event.text;
    if (event.type === 'reasoning') reasoning += event.text;
    if (event.type !== 'tool-call-delta') continue;
    deltas[event.index] ??= { name: '', arguments: '' };
    const delta = deltas[event.index] as { name: string; arguments: string };
    delta.name += event.tool ?? '';
    delta.arguments += event.arguments;
  }
  const calls = events.flatMap((event) => (event.type === 'tool-call' ? [event.call] : []));
  return { text, reasoning, deltas, calls };
};

const sizes = [1, 2, 3, 5, 7, 1000];
const query = { query: 'a "quoted" } brace\\', nested: { list: [1, { x: ']' }] } };
const search = `{"name": "search_db", "arguments": ${JSON.stringify(query)}}`;
const time = '{"name": "clock.time", "arguments": {}}';

describe('toolCallParser', () => {
  it.each(sizes)('reads calls between tokens, in pieces of %i', (size) => {
    const text = `Let me look.\n<tool_call>\n${search}\n</tool_call>\n<tool_call>\n${time}\n</tool_call>`;
    expect(read(qwen(), text, size)).toEqual({
      text: 'Let me look.',
      reasoning: '',
      deltas: [
        { name: 'search_db', arguments: JSON.stringify(query) },
        { name: 'clock.time', arguments: '{}' },
      ],
      calls: [
        { id: 'call-0', name: 'search_db', arguments: query },
        { id: 'call-1', name: 'clock.time', arguments: {} },
      ],
    });
  });

  it.each(sizes)('reads a list of calls, in pieces of %i', (size) => {
    const { calls, text } = read(phi(), `<|tool_call|>[${search}, ${time}]<|/tool_call|>`, size);
    expect(calls.map(({ name }) => name)).toEqual(['search_db', 'clock.time']);
    expect(text).toBe('');
  });

  it.each(sizes)('reads a bare call, in pieces of %i', (size) => {
    const { calls, text } = read(bare(), `\n${search}`, size);
    expect(calls).toEqual([{ id: 'call-0', name: 'search_db', arguments: query }]);
    expect(text).toBe('');
  });

  it.each(sizes)('leaves an answer as it is, in pieces of %i', (size) => {
    const answer = '  A < b, and {this} is <tool> text.\n';
    expect(read(qwen(), answer, size)).toEqual({ text: answer, reasoning: '', deltas: [], calls: [] });
    expect(read(bare(), answer, size)).toEqual({ text: answer, reasoning: '', deltas: [], calls: [] });
  });

  it('streams the arguments before the call is whole', () => {
    const parser = bare();
    const events = parser.push('{"name": "a", "arguments": {"x": "he');
    expect(events).toEqual([{ type: 'tool-call-delta', index: 0, tool: 'a', arguments: '{"x": "he' }]);
    expect(parser.push('llo"')).toEqual([{ type: 'tool-call-delta', index: 0, arguments: 'llo"' }]);
  });

  it('shows nothing of a call that was cut short', () => {
    expect(read(qwen(), '<tool_call>\n{"name": "search_db", "argu', 3)).toMatchObject({ text: '', calls: [] });
    expect(read(bare(), '{"name": "search_db", "arguments": {"q', 3)).toMatchObject({ text: '', calls: [] });
  });

  it.each(sizes)('reads calls that name their arguments in another way, in pieces of %i', (size) => {
    const text = '{"name": "a", "parameters": {"x": 1}}';
    expect(read(bare(), text, size).calls).toEqual([{ id: 'call-0', name: 'a', arguments: { x: 1 } }]);
    const inFunction = '{"type": "function", "function": {"name": "a", "arguments": {"x": 1}}}';
    expect(read(bare(), inFunction, size).calls).toEqual([{ id: 'call-0', name: 'a', arguments: { x: 1 } }]);
  });
});

describe('reasoningParser', () => {
  it.each(sizes)('tells reasoning from the answer and from calls, in pieces of %i', (size) => {
    const text = `<think>Is <it> so?</think>\n\nYes.\n<tool_call>${time}</tool_call>`;
    const { reasoning, text: answer, calls } = read(reasoningParser(qwen(), false), text, size);
    expect(reasoning).toBe('Is <it> so?');
    expect(answer).toBe('\n\nYes.');
    expect(calls).toHaveLength(1);
  });

  it('takes a beginning for reasoning where the prompt opened it', () => {
    expect(read(reasoningParser(qwen(), true), 'So.</think>Yes.', 2)).toMatchObject({ reasoning: 'So.', text: 'Yes.' });
  });
});
