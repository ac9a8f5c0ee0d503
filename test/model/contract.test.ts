import { onnx } from 'millrace/onnx';
import { backendContract } from 'millrace/testing';
import { describe, it } from 'vitest';
import { modelFolder } from '../support/models.ts';

describe('a model on this machine', () => {
  const subject = {
    backend: () => onnx(modelFolder('tiny-llama')),
    failing: () => onnx(modelFolder('of-nobody')),
  };
  for (const { title, check } of backendContract(subject)) it(title, check);
});
