import { pathToFileURL } from 'node:url';
import type { Question } from '../questions.ts';
import { type Contestant, type Settings, threads } from './contestant.ts';
import { llamaFiles } from './llama-files.ts';

/** What is used of node-llama-cpp, which need not be installed. */
type Llama = {
  loadModel(options: { readonly modelPath: string }): Promise<Model>;
};
type Model = {
  tokenize(text: string, specialTokens: boolean): readonly number[];
  createContext(options: {
    readonly sequences: number;
    readonly contextSize: number;
    readonly threads: number;
  }): Promise<{ getSequence(): Sequence }>;
};
type Sequence = {
  readonly nextTokenIndex: number;
  adaptStateToTokens(tokens: readonly number[]): Promise<void>;
  evaluate(
    tokens: readonly number[],
    options: { readonly temperature: number; readonly yieldEogToken: boolean },
  ): AsyncIterable<number>;
};

/** llama.cpp through node-llama-cpp, on the GGUF that the embedded model was made from. */
export const openLlamaCpp = async ({ places = 1, context = 2304 }: Settings): Promise<Contestant> => {
  const files = llamaFiles();
  if (typeof files === 'string') throw new Error(files);
  const { getLlama } = await import(pathToFileURL(files.module).href);
  const llama: Llama = await getLlama({ gpu: false, build: 'never', maxThreads: threads, logLevel: 'error' });
  const model = await llama.loadModel({ modelPath: files.model });
  const opened = await model.createContext({ sequences: places, contextSize: context, threads });
  const free = Array.from({ length: places }, () => opened.getSequence());

  const begin: Contestant['begin'] = (question, read) => {
    let left = false;
    const answer = async () => {
      const sequence = free.pop();
      if (sequence === undefined) throw new Error(`Expected at most ${places} questions at once, received another`);
      const tokens = encode(model, question);
      await sequence.adaptStateToTokens(tokens);
      const cached = sequence.nextTokenIndex;
      let count = 0;
      for await (const _ of sequence.evaluate(tokens.slice(cached), { temperature: 0, yieldEogToken: true })) {
        read('');
        if (++count === question.answer || left) break;
      }
      free.push(sequence);
      return { input: tokens.length, tokens: count, cached };
    };
    return {
      done: answer(),
      leave: () => {
        left = true;
      },
    };
  };
  return { begin };
};

const encode = (model: Model, { text, length }: Question): readonly number[] => {
  const tokens = model.tokenize(text, true);
  if (tokens.length === length) return tokens;
  throw new Error(`Expected a prompt of ${length} tokens, llama.cpp reads ${tokens.length}`);
};
