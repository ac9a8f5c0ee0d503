import { takeOrders } from '../sides/take-orders.ts';
import type { FlowOrders } from './flow-orders.ts';
import type { FlowSide } from './flow-side.ts';
import { leaveEarly } from './leave-early.ts';
import { microsecondsPerToken } from './microseconds-per-token.ts';
import type { FlowSideName } from './start-flow-side.ts';

const open: { readonly [name in FlowSideName]: () => Promise<FlowSide> } = {
  millrace: async () => (await import('./millrace.ts')).openMillrace(),
  'without flow control': async () => (await import('./millrace.ts')).openMillraceWithoutFlowControl(),
  'millrace, for await': async () => (await import('./millrace.ts')).openMillraceLoop(),
  'millrace, for await, nothing ahead': async () =>
    (await import('./millrace.ts')).openMillraceLoop({ highWaterMark: 0 }),
  'bare RxJS': async () => (await import('./rxjs.ts')).openRxjs(),
  ai: async () => (await import('./ai.ts')).openAi(),
  '@langchain/core': async () => (await import('./langchain.ts')).openLangChain(),
  '@langchain/langgraph': async () => (await import('./langgraph.ts')).openLangGraph(),
  effect: async () => (await import('./effect.ts')).openEffect(),
};

const side = await open[process.argv[2] as FlowSideName]();
const orders: FlowOrders = {
  leave: (patience, total) => leaveEarly(side, patience, total),
  time: (total, milliseconds) => microsecondsPerToken(side, total, milliseconds),
};
takeOrders(orders);
