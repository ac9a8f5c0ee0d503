import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import { AutoTokenizer, env } from '@huggingface/transformers';
import type { JsonSchema, Message } from 'millrace';

/** What is asked, the same of all that are compared. */
export type Question = {
  readonly messages: readonly Message[];
  /** What the model sees of the messages. */
  readonly text: string;
  /** Tokens of `text`. */
  readonly length: number;
  /** Tokens that the answer may have. */
  readonly answer: number;
  /** What the answer has to match. It is shown to the model, which lengthens the prompt. */
  readonly schema?: JsonSchema;
};

/** Makes questions for the embedded model. */
export type Questions = {
  /** A question of exactly `length` tokens. Each begins with another word, so that no answer can use another's work. */
  ofLength(length: number, answer: number): Question;
  /** Two questions of exactly `length` tokens that begin with the same `shared` ones, and with no other question's. */
  pair(length: number, shared: number, answer: number): readonly [Question, Question];
  /** How many tokens a text has. */
  count(text: string): number;
};

/** Loads the tokenizer of the embedded model. */
export const openQuestions = async (): Promise<Questions> => {
  const folder = dirname(createRequire(import.meta.url).resolve('@millrace/smollm2-135m-instruct/package.json'));
  env.allowRemoteModels = false;
  env.localModelPath = dirname(folder);
  const tokenizer = await AutoTokenizer.from_pretrained(basename(folder));
  const encode = (text: string): readonly number[] => tokenizer.encode(text, { add_special_tokens: false });
  const nextOpening = openings((id) => tokenizer.decode([id]));

  const make = (opening: string, story: readonly string[], answer: number): Question => {
    const messages: readonly Message[] = [
      { role: 'system', content: `${opening} is a teller of stories that have no end.` },
      { role: 'user', content: `Go on with this story, at great length: ${story.join(' ')}` },
    ];
    const shown = tokenizer.apply_chat_template(messages as never, { add_generation_prompt: true, tokenize: false });
    const text = shown as unknown as string;
    return { messages, text, length: encode(text).length, answer };
  };

  /** Each word of the story is one token, so any length can be met. */
  const wordsFor = (length: number, opening: string): number => {
    const count = length - make(opening, storyOf(1), 0).length + 1;
    const { length: found } = make(opening, storyOf(count), 0);
    if (found === length) return count;
    throw new RangeError(`Expected a prompt of ${length} tokens, received one of ${found}`);
  };

  const ofLength = (length: number, answer: number): Question => {
    const opening = nextOpening();
    return make(opening, storyOf(wordsFor(length, opening)), answer);
  };

  const pair = (length: number, shared: number, answer: number): readonly [Question, Question] => {
    const opening = nextOpening();
    const count = wordsFor(length, opening);
    const first = make(opening, storyOf(count), answer);
    const end = alike(encode(first.text), encode(make(opening, storyOf(count + 1), answer).text));
    const kept = count - (end - shared);
    // One word further on, every word is another.
    const second = make(opening, [...storyOf(kept), ...storyOf(count + 1).slice(kept + 1)], answer);
    const found = alike(encode(first.text), encode(second.text));
    if (found === shared && second.length === length) return [first, second];
    throw new RangeError(`Expected two prompts that share ${shared} tokens, received two that share ${found}`);
  };

  return { ofLength, pair, count: (text) => encode(text).length };
};

/** Gives words that are one token each, also at the beginning of a text, and never one twice. */
const openings = (decode: (id: number) => string) => {
  let id = 300;
  return (): string => {
    for (;;) {
      const word = decode(id++);
      if (/^[A-Z][a-z]{3,}$/.test(word)) return word;
    }
  };
};

const words = 'the river carries timber to the mill and the wheel turns all night while snow melts in the hills'.split(
  ' ',
);

const storyOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => words[index % words.length] as string);

/** How many elements two lists have in common from their beginning. */
const alike = (one: readonly number[], other: readonly number[]): number => {
  const end = one.findIndex((value, index) => value !== other[index]);
  return end < 0 ? one.length : end;
};
