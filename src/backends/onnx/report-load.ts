import { frameStorage } from '#frame-storage';
import type { LoadStage } from './pool/loader.ts';

/** Reports on the current step of a run how it waits for its model. */
export const reportLoad = (model: string): ((stage: LoadStage) => void) | undefined => {
  const frame = frameStorage.getStore();
  const start = performance.now();
  return frame && ((stage) => frame.report({ type: 'load', model, stage, elapsed: performance.now() - start }));
};
