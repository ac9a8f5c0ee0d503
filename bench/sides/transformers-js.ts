import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import {
  AutoModelForCausalLM,
  AutoTokenizer,
  BaseStreamer,
  env,
  InterruptableStoppingCriteria,
} from '@huggingface/transformers';
import { type Contestant, threads } from './contestant.ts';

const folder = dirname(createRequire(import.meta.url).resolve('@millrace/smollm2-135m-instruct/package.json'));

/** transformers.js `generate` on the file of the embedded model. It answers one question after another. */
export const openTransformersJs = async (): Promise<Contestant> => {
  env.allowRemoteModels = false;
  env.localModelPath = dirname(folder);
  const name = basename(folder);
  const tokenizer = await AutoTokenizer.from_pretrained(name);
  const model = await AutoModelForCausalLM.from_pretrained(name, {
    dtype: 'q8',
    device: 'cpu',
    session_options: { intraOpNumThreads: threads },
  });
  let before: Promise<unknown> = Promise.resolve();

  const begin: Contestant['begin'] = ({ messages, length, answer }, read) => {
    const interruption = new InterruptableStoppingCriteria();
    const streamer = new Listener(read);
    const generate = () =>
      model.generate({
        ...(tokenizer.apply_chat_template(messages as never, {
          add_generation_prompt: true,
          return_dict: true,
        }) as object),
        max_new_tokens: answer,
        min_new_tokens: answer,
        do_sample: false,
        streamer,
        stopping_criteria: interruption,
      } as never);
    const done = before.then(generate).then(() => ({ input: length, tokens: streamer.tokens, cached: 0 }));
    before = done;
    return { done, leave: () => interruption.interrupt() };
  };
  return { begin };
};

class Listener extends BaseStreamer {
  tokens = 0;
  readonly #read: (text: string) => void;
  #prompted = false;

  constructor(read: (text: string) => void) {
    super();
    this.#read = read;
  }

  /** Is given the prompt first, then each token. */
  override put(): void {
    if (this.#prompted) {
      this.tokens++;
      this.#read('');
    }
    this.#prompted = true;
  }

  override end(): void {}
}
