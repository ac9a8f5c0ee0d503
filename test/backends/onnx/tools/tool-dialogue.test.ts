import type { Message, ToolDefinition } from 'millrace';
import { describe, expect, it } from 'vitest';
import { ChatTemplate } from '../../../../src/backends/onnx/chat-template.ts';
import { Tokenizer } from '../../../../src/backends/onnx/tokenizer.ts';
import { ToolDialogue } from '../../../../src/backends/onnx/tools/tool-dialogue.ts';
import { toolFormatOf } from '../../../../src/backends/onnx/tools/tool-format.ts';

const tools: readonly ToolDefinition[] = [
  {
    name: 'search_db',
    description: 'Searches the products.',
    parameters: { type: 'object', properties: { query: { type: 'string' } } },
  },
];

const asked: readonly Message[] = [{ role: 'user', content: 'Is the X200 in stock?' }];
const answered: readonly Message[] = [
  ...asked,
  { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'search_db', arguments: { query: 'X200' } }] },
  { role: 'tool', content: '{"stock": 12}', toolCallId: 'c1' },
];

const dialogueOf = async (folder: string) => {
  const tokenizer = await Tokenizer.load(folder);
  return new ToolDialogue(new ChatTemplate(tokenizer), toolFormatOf(tokenizer));
};

describe('ToolDialogue', () => {
  it('tells the tools through the template of a model that knows them', async () => {
    const text = (await dialogueOf('test/models/tiny-qwen3')).render(asked, tools);
    expect(text).toContain('# Tools\n<tools>\n{"type": "function", "function": {"name": "search_db"');
    expect(text).not.toContain('You can call these functions');
  });

  it('opens a system message where only that has a place for tools', async () => {
    const text = (await dialogueOf('test/models/tiny-phi3')).render(asked, tools);
    expect(text).toMatch(/^<\|system\|><\|tool\|>.*search_db.*<\|\/tool\|><\|end\|><\|user\|>Is the X200/);
  });

  it.each([
    'test/models/tiny-qwen3',
    'test/models/tiny-phi3',
    'test/models/tiny-llama',
    'models/smollm2-135m-instruct',
  ])('shows the call and its result to %s', async (folder) => {
    const text = (await dialogueOf(folder)).render(answered, tools);
    const [, after = ''] = text.split('Is the X200 in stock?');
    expect(after).toMatch(/"name": ?"search_db"/);
    expect(after).toMatch(/"query": ?"X200"/);
    expect(after).toContain('{"stock": 12}');
  });

  it('tells the tools in words to a model whose template has no place for them', async () => {
    const text = (await dialogueOf('models/smollm2-135m-instruct')).render(answered, tools);
    expect(text).toContain('<|im_start|>system\nYou can call these functions:\n{"name":"search_db"');
    expect(text).toContain('<|im_start|>user\nsearch_db returned: {"stock": 12}');
  });

  it('asks for the answer once, after the last of several results', async () => {
    const [call, result] = answered.slice(1) as [Message, Message];
    const dialogue = await dialogueOf('models/smollm2-135m-instruct');
    const text = dialogue.render([...asked, call, result, result], tools);
    expect(text.match(/Answer the question/g)).toHaveLength(1);
    expect(text).toContain('{"stock": 12}\nAnswer the question in plain words, or call another function.<|im_end|>');
    expect(dialogue.render(answered, [])).toContain('{"stock": 12}\nAnswer the question in plain words.<|im_end|>');
  });

  it('tells a conversation with calls to a model that may not call now', async () => {
    const text = (await dialogueOf('models/smollm2-135m-instruct')).render(answered, []);
    expect(text).not.toContain('functions');
    expect(text).toContain('{"name":"search_db","arguments":{"query":"X200"}}');
    expect(text).toContain('search_db returned: {"stock": 12}');
  });
});
