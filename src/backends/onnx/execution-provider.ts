/** Every execution provider that onnxruntime-node has on some platform. */
export const executionProviderNames = ['cpu', 'cuda', 'tensorrt', 'webgpu', 'dml', 'coreml'] as const;

/** What runs a model: the processor, or an accelerator. */
export type ExecutionProvider = (typeof executionProviderNames)[number];

/** An execution provider that was tried and did not work. */
export type PassedOver = { readonly executionProvider: ExecutionProvider; readonly reason: string };
