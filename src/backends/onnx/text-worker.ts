import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { ChatTemplate } from './chat-template.ts';
import { GrammarCompiler } from './constraint/grammar-compiler.ts';
import { TranslationThread } from './constraint/translation-thread.ts';
import { readVocabulary } from './constraint/vocabulary.ts';
import { NativeGate } from './native-gate.ts';
import { plainError } from './plain-error.ts';
import type { TextOrder, TextReport, TextStart } from './text-protocol.ts';
import { TextServer } from './text-server.ts';
import { Tokenizer } from './tokenizer.ts';

const port = parentPort as MessagePort;
const { folder, gate } = workerData as TextStart;

const tell = (report: TextReport): void => port.postMessage(report);

/** Plans for a model of which the first order tells. */
const serve = (tokenizer: Tokenizer): void => {
  let server: TextServer | undefined;

  const start = ({ vocabulary, stopIds }: TextOrder & { type: 'model' }): TextServer => {
    let compiler: GrammarCompiler | undefined;
    const grammars = (): GrammarCompiler => {
      compiler ??= new GrammarCompiler(readVocabulary(tokenizer.pieces, vocabulary, stopIds), (before, text) =>
        tokenizer.encodeAfter(before, text),
      );
      return compiler;
    };
    const model = { tokenizer, template: new ChatTemplate(tokenizer), grammars };
    return new TextServer(model, vocabulary, new TranslationThread(), tell);
  };

  port.on('message', (order: TextOrder) => {
    if (order.type === 'model') server = start(order);
    else server?.take(order);
  });
};

try {
  // The tokenizer's package brings native code along.
  const tokenizer = await new NativeGate(gate, 'text').pass(() => Tokenizer.load(folder));
  serve(tokenizer);
  tell({ type: 'loaded', pieces: tokenizer.pieces.table, endId: tokenizer.endId });
} catch (error) {
  tell({ type: 'failed', error: plainError(error) });
}
