import type { BackendFacts } from '../../runtime/backend-facts.ts';
import type { InferenceRequest } from '../../runtime/inference-request.ts';
import type { Candidate } from './candidate.ts';
import { reckonTokens } from './reckon-tokens.ts';

/** What speaks for a backend, and what against it. */
export type Weighing = { readonly merits: readonly string[]; readonly objections: readonly string[] };

/** What is asked for. */
export type Wish = {
  readonly request: Pick<InferenceRequest, 'messages' | 'tools' | 'schema' | 'maxTokens'>;
  readonly deadline: number;
  readonly online: boolean;
};

/** Weighs what is known of a backend against what is asked for. */
export const weigh = (candidate: Candidate, facts: BackendFacts, wish: Wish): Weighing => {
  const findings = [
    ofModel(facts, wish),
    ofMemory(facts),
    ofContext(facts, wish),
    ofNetwork(candidate, wish),
    ofSpeed(candidate, facts, wish),
  ];
  return {
    merits: findings.flatMap(({ merit }) => merit ?? []),
    objections: findings.flatMap(({ objection }) => objection ?? []),
  };
};

type Finding = { readonly merit?: string; readonly objection?: string };

const ofModel = ({ model, problem }: BackendFacts, { online, deadline }: Wish): Finding => {
  if (model === 'loaded') return { merit: 'its model is in memory' };
  if (model === 'present') return { merit: 'its model is on this machine' };
  if (model === 'missing') return { objection: `its model is not there${problem ? `: ${problem}` : ''}` };
  if (model === undefined) return {};
  if (!online) return { objection: 'its model has to be downloaded, and there is no network' };
  if (deadline < Number.POSITIVE_INFINITY) {
    return { objection: `its model has to be downloaded, and an answer is wanted within ${time(deadline)}` };
  }
  return { merit: 'its model can be downloaded' };
};

const ofMemory = ({ memory }: BackendFacts): Finding => {
  if (memory === undefined) return {};
  const [needed, budget] = [memory.needed, memory.budget].map((bytes) => `${Math.round(bytes / 1e6)} MB`);
  return memory.needed > memory.budget
    ? { objection: `it takes ${needed} of memory, and may take ${budget}` }
    : { merit: `it takes ${needed} of memory, of ${budget}` };
};

const ofContext = ({ context }: BackendFacts, { request }: Wish): Finding => {
  if (context === undefined) return {};
  const tokens = reckonTokens(request);
  return tokens < context
    ? { merit: `the prompt has about ${tokens} tokens, and its context ${context}` }
    : { objection: `the prompt has about ${tokens} tokens, and its context only ${context}` };
};

const ofNetwork = ({ location }: Candidate, { online }: Wish): Finding => {
  if (location !== 'cloud') return {};
  return online ? { merit: 'there is a network' } : { objection: 'there is no network' };
};

const ofSpeed = ({ speed }: Candidate, { model = 'loaded' }: BackendFacts, { request, deadline }: Wish): Finding => {
  const expected = speed.expect(request.maxTokens, model === 'loaded');
  if (expected === undefined) return {};
  const took = `an answer takes it about ${time(expected)}`;
  return expected <= deadline ? { merit: took } : { objection: `${took}, and is wanted within ${time(deadline)}` };
};

const time = (milliseconds: number): string => `${Math.round(milliseconds)} ms`;
