export type { ExecutionProvider, PassedOver } from './execution-provider.ts';
export type { Dtype } from './model-files.ts';
export { type OnnxBackend, onnx } from './onnx.ts';
export type { OnnxOptions } from './onnx-options.ts';
