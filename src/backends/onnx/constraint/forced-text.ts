import type { Automaton } from './grammar/automaton.ts';
import type { AutomatonState } from './grammar/automaton-state.ts';
import { goesOn, isPairThread, type Thread } from './grammar/thread.ts';

/** What follows in any case. */
export type ForcedText = {
  /** One character a byte. */
  readonly bytes: string;
  /** Whether the text is whole behind them. */
  readonly whole: boolean;
};

/** Where more is forced, the rest is found once this much is written. */
const mostBytes = 1024;

/** The text that follows a state, as far as there is one way on only and the text may not end. */
export const forcedText = (automaton: Automaton, state: AutomatonState): ForcedText => {
  let bytes = '';
  let at = state;
  while (!at.accepting && bytes.length < mostBytes) {
    const byte = onlyByte(at.threads);
    const next = byte === undefined ? null : automaton.follow(at, String.fromCharCode(byte));
    if (byte === undefined || !next) break;
    bytes += String.fromCharCode(byte);
    at = next;
  }
  return { bytes, whole: at.accepting && !at.threads.some(goesOn) };
};

/** The byte with which all threads go on; `undefined` where there may be several. */
const onlyByte = (threads: readonly Thread[]): number | undefined => {
  const bytes = new Set(threads.filter(goesOn).map(byteOf));
  const [byte] = bytes;
  return bytes.size === 1 ? byte : undefined;
};

/** What fits a `both` fits either side. */
const byteOf = (thread: Thread): number | undefined => {
  if (isPairThread(thread)) {
    const right = thread.at.kind === 'both' ? thread.right?.threads : undefined;
    return onlyByte(thread.left.threads) ?? (right && onlyByte(right));
  }
  const [edge, ...others] = thread.node.edges;
  return edge && others.length === 0 && edge.first === edge.last ? edge.first : undefined;
};
