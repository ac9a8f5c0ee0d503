import type { ExecutionProvider, PassedOver } from './execution-provider.ts';
import { ModelError } from './model-error.ts';

/** What an execution provider opened. */
export type Opened<Session> = {
  readonly session: Session;
  /** The one that works. */
  readonly executionProvider: ExecutionProvider;
  /** Those that were tried before it. */
  readonly passedOver: readonly PassedOver[];
};

/**
 * Opens a session with the first execution provider that works. Each is tried alone: the runtime itself would fail where
 * one of several is missing, or leave out an unknown one without a word.
 *
 * @throws ModelError with the reason of each, where none works.
 */
export const openWithFirst = async <Session>(
  executionProviders: readonly ExecutionProvider[],
  supported: readonly string[],
  open: (executionProvider: ExecutionProvider) => Promise<Session>,
): Promise<Opened<Session>> => {
  const passedOver: PassedOver[] = [];
  for (const executionProvider of executionProviders) {
    if (!supported.includes(executionProvider)) {
      const reason = `onnxruntime-node does not have it on ${process.platform} ${process.arch}`;
      passedOver.push({ executionProvider, reason });
      continue;
    }
    try {
      return { session: await open(executionProvider), executionProvider, passedOver };
    } catch (cause) {
      // A fault of the model itself: no other provider can help.
      if (cause instanceof ModelError) throw cause;
      passedOver.push({ executionProvider, reason: firstLine((cause as Error).message) });
    }
  }
  const reasons = passedOver.map(({ executionProvider, reason }) => `${executionProvider}: ${reason}`).join('; ');
  const advice = executionProviders.includes('cpu') ? '' : ". Add 'cpu' behind them to run the model on the processor";
  throw new ModelError(
    `Expected one of the execution providers ${executionProviders.join(', ')} to open the model, found none that does. ${reasons}${advice}`,
  );
};

/** The first line, without the place in the runtime's own source that it may begin with. */
const firstLine = (message: string): string =>
  (message.trim().split('\n')[0] ?? '').replace(/^\S*\/onnxruntime_src\/.* was false\. /, '');
