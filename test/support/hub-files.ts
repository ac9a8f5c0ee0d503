import { readFileSync } from 'node:fs';
import { countingData, countingGraph } from './counting-graph.ts';
import { modelFolder } from './models.ts';

/**
 * The files of a small model as the hub has them, with its weights in two files beside the graph. After a token `n` it
 * writes `n + 1`.
 *
 * @param room How many bytes of the weights nobody needs.
 * @param stem The name of its .onnx file.
 */
export const hubFiles = (room = 0, stem = 'model_q4'): { [path: string]: Buffer } => {
  const own = (name: string) => readFileSync(`${modelFolder('tiny-llama')}/${name}`);
  const config = JSON.parse(own('config.json').toString());
  const data = [`${stem}.onnx_data`, `${stem}.onnx_data_1`];
  config['transformers.js_config'] = { use_external_data_format: { [`${stem}.onnx`]: data.length } };
  return {
    'config.json': Buffer.from(JSON.stringify({ ...config, vocab_size: 2048 })),
    'generation_config.json': own('generation_config.json'),
    'tokenizer.json': own('tokenizer.json'),
    'tokenizer_config.json': own('tokenizer_config.json'),
    [`onnx/${stem}.onnx`]: Buffer.from(countingGraph({ data })),
    [`onnx/${data[0]}`]: Buffer.from(countingData(0, room)),
    [`onnx/${data[1]}`]: Buffer.from(countingData(1)),
  };
};
