import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import { AutoModelForCausalLM, AutoTokenizer, BaseStreamer, env, type Tensor } from '@huggingface/transformers';
import { type Backend, infer, type Message } from 'millrace';
import { onnx } from 'millrace/onnx';
import { lastValueFrom, of, tap } from 'rxjs';
import { median } from './median.ts';
import type { Report } from './report.ts';

const folder = dirname(createRequire(import.meta.url).resolve('@millrace/smollm2-135m-instruct/package.json'));
const lengths = [128, 512, 2048];
const rounds = 5;
const answerTokens = 48;

type Measure = { readonly firstToken: number; readonly perToken: number; readonly tokens: number };

/**
 * First token and time per token of the embedded model, beside transformers.js `generate` on the same file: the same
 * prompts, greedy, rounds of the two interleaved in one process; medians, in milliseconds.
 */
export const local = async (report: Report): Promise<void> => {
  const peer = await transformersJs();
  const model = onnx();
  for (const length of lengths) {
    const prompt = await promptOf(length, peer.count);
    const ours: Measure[] = [];
    const theirs: Measure[] = [];
    for (let round = -1; round < rounds; round++) {
      const mine = await measureOurs(model, prompt);
      const other = await peer.measure(prompt, mine.tokens);
      if (round >= 0) {
        ours.push(mine);
        theirs.push(other);
      }
    }
    for (const figure of ['firstToken', 'perToken'] as const) {
      report({
        bench: 'local',
        case: `${figure === 'firstToken' ? 'first token' : 'per token'}, prompt of ${length}`,
        ours: median(ours.map((measure) => measure[figure])),
        peer: median(theirs.map((measure) => measure[figure])),
        peerName: 'transformers.js generate',
        unit: 'ms',
      });
    }
  }
};

const measured = (start: number, times: readonly number[]): Measure => {
  const [first = Number.NaN] = times;
  const last = times.at(-1) ?? Number.NaN;
  return { firstToken: first - start, perToken: (last - first) / (times.length - 1), tokens: times.length };
};

const measureOurs = async (model: Backend, prompt: readonly Message[]): Promise<Measure> => {
  const times: number[] = [];
  const start = performance.now();
  const answer = of(prompt).pipe(
    infer(model, { maxTokens: answerTokens, temperature: 0 }),
    tap(({ type }) => type === 'token' && times.push(performance.now())),
  );
  const finish = await lastValueFrom(answer);
  const tokens = finish.type === 'finish' ? finish.usage.output : 0;
  const { firstToken } = measured(start, times);
  // A character made of several tokens is one event, so the finish counts the tokens.
  return { firstToken, perToken: ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (tokens - 1), tokens };
};

const transformersJs = async () => {
  env.allowRemoteModels = false;
  env.localModelPath = dirname(folder);
  const name = basename(folder);
  const tokenizer = await AutoTokenizer.from_pretrained(name);
  const model = await AutoModelForCausalLM.from_pretrained(name, { dtype: 'q8', device: 'cpu' });
  const encode = (messages: readonly Message[]) =>
    tokenizer.apply_chat_template(messages as never, { add_generation_prompt: true, return_dict: true }) as {
      input_ids: Tensor;
    };

  class Clock extends BaseStreamer {
    readonly times: number[] = [];
    #prompted = false;
    override put(): void {
      if (this.#prompted) this.times.push(performance.now());
      this.#prompted = true;
    }
    override end(): void {}
  }

  return {
    count: (messages: readonly Message[]): number => encode(messages).input_ids.dims[1] ?? 0,
    measure: async (messages: readonly Message[], tokens: number): Promise<Measure> => {
      const streamer = new Clock();
      const start = performance.now();
      await model.generate({
        ...encode(messages),
        max_new_tokens: tokens,
        min_new_tokens: tokens,
        do_sample: false,
        streamer,
      } as never);
      return measured(start, streamer.times);
    },
  };
};

const words = 'the river carries timber to the mill and the wheel turns all night while snow melts in the hills'.split(
  ' ',
);

/** A conversation that the model sees as exactly `length` tokens. */
const promptOf = async (
  length: number,
  count: (messages: readonly Message[]) => number,
): Promise<readonly Message[]> => {
  const ask = (n: number): readonly Message[] => {
    const story = Array.from({ length: n }, (_, i) => words[i % words.length]).join(' ');
    return [{ role: 'user', content: `Go on with this story, at great length: ${story}` }];
  };
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (count(ask(middle)) <= length) low = middle;
    else high = middle - 1;
  }
  const found = count(ask(low));
  if (found !== length) throw new Error(`Expected a prompt of ${length} tokens, received one of ${found}`);
  return ask(low);
};
