export type { Dtype } from './dtype.ts';
export type { ExecutionProvider, PassedOver } from './execution-provider.ts';
export { type OnnxBackend, onnx } from './onnx.ts';
export type { OnnxOptions } from './onnx-options.ts';
