import { startChild } from '../sides/start-child.ts';
import type { FlowOrders } from './flow-orders.ts';

/** Who is compared: ours in several ways, and peers by the names of their packages. */
export type FlowSideName =
  | 'millrace'
  | 'without flow control'
  | 'millrace, for await'
  | 'millrace, for await, nothing ahead'
  | 'bare RxJS'
  | 'ai'
  | '@langchain/core'
  | '@langchain/langgraph'
  | 'effect';

/** One of those that are compared, in a process of its own: some change what a promise costs in all of theirs. */
export type StartedFlowSide = FlowOrders & {
  readonly name: FlowSideName;
  /** Ends the process. */
  close(): Promise<void>;
};

/** Starts the process of one of those that are compared. */
export const startFlowSide = async (name: FlowSideName): Promise<StartedFlowSide> => {
  const { order, close } = await startChild(name, new URL('./flow-child.js', import.meta.url), [name], {
    // LangGraph is warned at every reading that it adds more listeners to a signal than Node expects.
    NODE_NO_WARNINGS: '1',
  });
  const send =
    <Name extends keyof FlowOrders>(name: Name) =>
    async (...given: Parameters<FlowOrders[Name]>): Promise<Awaited<ReturnType<FlowOrders[Name]>>> =>
      (await order(name, given)) as Awaited<ReturnType<FlowOrders[Name]>>;
  return { name, leave: send('leave'), time: send('time'), close };
};
