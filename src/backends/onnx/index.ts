export type { Dtype } from './dtype.ts';
export type { ExecutionProvider, PassedOver } from './execution-provider.ts';
export { type Footprint, footprint } from './footprint/footprint.ts';
export { type OnnxBackend, onnx } from './onnx.ts';
export type { OnnxOptions } from './onnx-options.ts';
export { ModelPool, type ModelPoolOptions } from './pool/model-pool.ts';
export type { LoadReason, PoolEvent } from './pool/pool-event.ts';
export type { ModelState, PoolState } from './pool/pool-state.ts';
export type { RunMode } from './self-test.ts';
