import { describe, expect, it } from 'vitest';
import type { ChatTemplate } from '../../../src/backends/onnx/chat-template.ts';
import { Tokenizer } from '../../../src/backends/onnx/tokenizer.ts';
import { planTurn } from '../../../src/backends/onnx/turn.ts';
import { modelFolder } from '../../support/models.ts';

const tokenizer = await Tokenizer.load(modelFolder('tiny-qwen3'));

/** Plans with a template that always writes the same. */
const plan = (prompt: string, prefix?: string) => {
  const template = { render: () => prompt } as unknown as ChatTemplate;
  const request = {
    id: 'r',
    messages: [{ role: 'user', content: 'x' }],
    ...(prefix !== undefined && { prefix }),
  } as const;
  return planTurn(request, { tokenizer, template, grammars: () => expect.fail() }).plan;
};
const ids = (text: string) => tokenizer.encode(text);

describe('planTurn', () => {
  it('puts the prefix of an answer behind the prompt', () => {
    expect(plan('assistant\n', 'It is')).toMatchObject({
      promptIds: ids('assistant\nIt is'),
      parser: { thinking: false },
    });
    expect(plan('assistant\n')).toMatchObject({ promptIds: ids('assistant\n') });
  });

  it('puts it behind the reasoning that a template begins', () => {
    expect(plan('assistant\n<think>\n')).toMatchObject({ parser: { thinking: true } });
    expect(plan('assistant\n<think>\n', 'It is')).toMatchObject({
      promptIds: ids('assistant\n<think>\n</think>\n\nIt is'),
      parser: { thinking: false },
    });
  });
});
