import type { FlowSide } from './flow-side.ts';
import { forAwait } from './for-await.ts';
import { importPeer } from './import-peer.ts';
import { langChainModel, type Runnable } from './langchain-model.ts';

/** What is used of `@langchain/core`, which need not be installed. */
type Parsers = { readonly StringOutputParser: new () => Runnable };
type Runnables = { readonly RunnablePassthrough: new () => Runnable };

/** LangChain: a chat model piped into a parser and five stages more. */
export const openLangChain = async (): Promise<FlowSide> => {
  const model = await langChainModel();
  const { StringOutputParser } = await importPeer<Parsers>('@langchain/core/output_parsers');
  const { RunnablePassthrough } = await importPeer<Runnables>('@langchain/core/runnables');
  return forAwait((tokens) => {
    const stages = [new StringOutputParser(), ...Array.from({ length: 5 }, () => new RunnablePassthrough())];
    return stages.reduce<Runnable>((chain, stage) => chain.pipe(stage), model(tokens)).stream('question');
  });
};
