import type { Dtype } from '../dtype.ts';

/** A model of the hub that has a short name here. */
export type Alias = {
  /** The model's id on the Hugging Face Hub. */
  readonly id: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
  readonly dtype: Dtype;
  /** About how much a download takes, in bytes; absent where that is not known. */
  readonly bytes?: number;
  /** The model's licence, as its authors name it. */
  readonly license: string;
  /** The embedded model is this one, and serves for it where no `dtype` or `revision` is asked for. */
  readonly embedded?: true;
};

const MB = 1e6;

/**
 * The models with a short name. The ids, licences and sizes are those which public projects that use the same files
 * give, rounded; they were not compared with the hub, and `main` may move. Larger models are kept in 4 bits, whose
 * kernels are the fastest on a processor; small ones in 8, where 4 would save little and cost quality.
 */
export const aliases: { readonly [name: string]: Alias } = {
  'smollm2-135m': {
    id: 'HuggingFaceTB/SmolLM2-135M-Instruct',
    revision: 'main',
    dtype: 'q8',
    bytes: 140 * MB,
    license: 'Apache-2.0',
    embedded: true,
  },
  'smollm-360m': {
    id: 'HuggingFaceTB/SmolLM2-360M-Instruct',
    revision: 'main',
    dtype: 'q8',
    bytes: 380 * MB,
    license: 'Apache-2.0',
  },
  'smollm2-1.7b': {
    id: 'HuggingFaceTB/SmolLM2-1.7B-Instruct',
    revision: 'main',
    dtype: 'q4',
    bytes: 1410 * MB,
    license: 'Apache-2.0',
  },
  'qwen3-0.6b': {
    id: 'onnx-community/Qwen3-0.6B-ONNX',
    revision: 'main',
    dtype: 'q8',
    bytes: 630 * MB,
    license: 'Apache-2.0',
  },
  'gemma3-270m': {
    id: 'onnx-community/gemma-3-270m-it-ONNX',
    revision: 'main',
    dtype: 'q4',
    bytes: 340 * MB,
    license: 'Gemma',
  },
  'gemma3-1b': {
    id: 'onnx-community/gemma-3-1b-it-ONNX-GQA',
    revision: 'main',
    dtype: 'q4',
    bytes: 880 * MB,
    license: 'Gemma',
  },
  'llama-3.2-1b': {
    id: 'onnx-community/Llama-3.2-1B-Instruct-ONNX',
    revision: 'main',
    dtype: 'q4',
    license: 'Llama 3.2',
  },
  'phi-4-mini': {
    id: 'onnx-community/Phi-4-mini-instruct-ONNX',
    revision: 'main',
    dtype: 'q4',
    license: 'MIT',
  },
};
