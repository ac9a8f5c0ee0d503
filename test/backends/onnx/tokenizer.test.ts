import { describe, expect, it } from 'vitest';
import { Tokenizer } from '../../../src/backends/onnx/tokenizer.ts';
import { embeddedFolder, modelFolder, referenceModels } from '../../support/models.ts';

const folders = [...referenceModels.map(modelFolder), embeddedFolder];

describe.each(folders)('the tokenizer of %s', (folder) => {
  const loaded = Tokenizer.load(folder);

  it.each(['"name": "', ', "a_key": ', 'name', ' text', '}', 'é über'])(
    'writes %j behind a token as it is, with no space in front',
    async (text) => {
      const tokenizer = await loaded;
      for (const before of [undefined, ...tokenizer.encode('A word, {"')]) {
        const ids = tokenizer.encodeAfter(before, text);
        const bytes = ids.flatMap((id) => [...tokenizer.pieces.bytes(id, [])]);
        expect(new TextDecoder().decode(Uint8Array.from(bytes)), `behind ${before}`).toBe(text);
      }
    },
  );
});

describe('a tokenizer', () => {
  // Tokens of Gemma reach from one word into the next.
  it.each(folders.filter((folder) => !folder.includes('gemma')))(
    'writes a text behind a word as in the middle of a text: %s',
    async (folder) => {
      const tokenizer = await Tokenizer.load(folder);
      const start = tokenizer.encode('A word');
      const whole = [...start, ...tokenizer.encodeAfter(start.at(-1), ' name 12')];
      expect(whole).toEqual(tokenizer.encode('A word name 12'));
    },
  );

  it('tells the token that ends a text', async () => {
    const tokenizer = await Tokenizer.load(embeddedFolder);
    expect(tokenizer.endId).toBe(tokenizer.idOf('<|im_end|>'));
  });

  it('writes behind a special token', async () => {
    const tokenizer = await Tokenizer.load(modelFolder('tiny-qwen3'));
    const marker = tokenizer.idOf('<tool_call>') as number;
    const ids = tokenizer.encodeAfter(marker, '\n{"name"');
    expect([marker, ...ids]).toEqual(tokenizer.encode('<tool_call>\n{"name"'));
  });
});
