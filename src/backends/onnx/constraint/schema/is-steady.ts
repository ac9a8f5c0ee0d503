import type { Automaton } from '../grammar/automaton.ts';
import type { AutomatonState } from '../grammar/automaton-state.ts';
import { isPairThread } from '../grammar/thread.ts';

const mostSteps = 12;
const mostStates = 800;

/**
 * Whether an automaton keeps coming back to the same few states. Where it does not, as with `a.{30}b`, whose every state
 * knows at which of 30 places an `a` was, each text is followed anew, and that takes long.
 */
export const isSteady = (automaton: Automaton): boolean => {
  const start = automaton.start();
  const known = new Set<AutomatonState>(start ? [start] : []);
  let latest = [...known];
  let count = 0;
  for (let step = 0; step < mostSteps && count <= mostStates; step++) {
    const reached = new Set(latest.flatMap((state) => followers(automaton, state)));
    latest = [...reached].filter((state) => !known.has(state));
    for (const state of latest) known.add(state);
    count += latest.filter(isBetweenCharacters).length;
  }
  return count <= mostStates;
};

const isBetweenCharacters = ({ threads }: AutomatonState): boolean =>
  threads.every((thread) => isPairThread(thread) || thread.node === thread.at.node);

const followers = (automaton: Automaton, state: AutomatonState): readonly AutomatonState[] =>
  automaton.program.samples.flatMap((_, byteClass) => automaton.stepClass(state, byteClass) ?? []);
