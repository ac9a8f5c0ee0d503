import type { FlowSide } from './flow-side.ts';
import { forAwait } from './for-await.ts';
import { importPeer } from './import-peer.ts';
import { langChainModel } from './langchain-model.ts';

type State = { readonly messages: readonly unknown[] };
type Node = Graph | ((state: State, config: unknown) => Promise<State>);
type Graph = { stream(input: State, options: object): Promise<AsyncIterable<unknown>> };

/** What is used of `@langchain/langgraph`, which need not be installed. */
type LangGraph = {
  readonly START: string;
  readonly END: string;
  readonly MessagesAnnotation: object;
  readonly StateGraph: new (state: object) => Builder;
};
type Builder = {
  addNode(name: string, node: Node): Builder;
  addEdge(from: string, to: string): Builder;
  compile(): Graph;
};

/** LangGraph: six graphs, one within the other, the innermost of which asks; the tokens of all of them are streamed. */
export const openLangGraph = async (): Promise<FlowSide> => {
  const model = await langChainModel();
  const { StateGraph, MessagesAnnotation, START, END } = await importPeer<LangGraph>('@langchain/langgraph');
  const around = (node: Node): Graph =>
    new StateGraph(MessagesAnnotation).addNode('ask', node).addEdge(START, 'ask').addEdge('ask', END).compile();
  return forAwait((tokens) => {
    let graph = around(async ({ messages }, config) => ({ messages: [await model(tokens).invoke(messages, config)] }));
    for (let outer = 0; outer < 5; outer++) graph = around(graph);
    const question = { messages: [{ role: 'user', content: 'question' }] };
    return graph.stream(question, { streamMode: 'messages', subgraphs: true });
  });
};
