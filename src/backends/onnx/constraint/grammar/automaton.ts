import type { AutomatonState } from './automaton-state.ts';
import type { ByteEdge } from './byte-node.ts';
import { Closure } from './closure.ts';
import { Frame } from './frame.ts';
import type { GrammarProgram } from './grammar-program.ts';
import type { Instruction, PairInstruction } from './instruction.ts';
import { PairLiveness } from './pair-liveness.ts';
import { isPairThread, type Thread } from './thread.ts';

const mostStates = 400_000;

/** Follows a grammar byte by byte. What it learns on the way it keeps, so that the same text again costs next to nothing. */
export class Automaton {
  readonly program: GrammarProgram;
  readonly #root = new Frame();
  readonly #states = new Map<string, AutomatonState>();
  readonly #starts = new Map<Instruction, AutomatonState | null>();
  readonly #liveness: PairLiveness;
  readonly #mostThreads: number;

  /** @param mostThreads In how many ways at once a text may fit; more are refused with a RangeError. */
  constructor(program: GrammarProgram, mostThreads: number) {
    this.program = program;
    this.#mostThreads = mostThreads;
    this.#liveness = new PairLiveness(this);
  }

  /** How many states are known. */
  get size(): number {
    return this.#states.size;
  }

  /** The state before any text; `null` where there is no text that fits. */
  start(from: Instruction = this.program.start): AutomatonState | null {
    const known = this.#starts.get(from);
    if (known !== undefined) return known;
    const state = this.#close((closure) => closure.enter(from, this.#root));
    this.#starts.set(from, state);
    return state;
  }

  /** Whether anything fits a pair. */
  isLive({ kind, left, right }: PairInstruction): boolean {
    const first = this.start(left);
    return first !== null && this.#liveness.isLive(kind, first, this.start(right) ?? undefined);
  }

  /** The state after more bytes, one character each; `null` where they do not fit. */
  follow(state: AutomatonState, bytes: string): AutomatonState | null {
    let reached: AutomatonState | null = state;
    for (let index = 0; reached && index < bytes.length; index++) {
      reached = this.stepClass(reached, this.program.byteClasses[bytes.charCodeAt(index)] as number);
    }
    return reached;
  }

  /** The state after one byte of a class more; `null` where it does not fit. */
  stepClass(state: AutomatonState, byteClass: number): AutomatonState | null {
    const known = state.next[byteClass];
    if (known !== undefined) return known;
    const byte = this.program.samples[byteClass] as number;
    const next = this.#close((closure) => {
      for (const thread of state.threads) this.#advance(closure, thread, byte, byteClass);
    });
    state.next[byteClass] = next;
    return next;
  }

  /** The state of one thread by itself. */
  alone(thread: Thread): AutomatonState {
    return this.#intern(new Set([thread]), false);
  }

  /** The same state with no count above `limit`: it allows the same texts of up to `limit` bytes to follow, but is the same one for many. */
  cut(state: AutomatonState, limit: number): AutomatonState {
    if (state.cut) return state.cut;
    const threads = state.threads.map((thread) => thread.frame.cut(limit).taking(thread));
    state.cut = this.#intern(new Set(threads), state.accepting);
    return state.cut;
  }

  /**
   * A state as one within the innermost rule that all its threads are in, and the one that follows where that rule
   * returns. The first is the same wherever the rule is called, and accepts where the rule may return. `undefined` where
   * there is no such rule.
   */
  split(state: AutomatonState): { readonly inside: AutomatonState; readonly after: AutomatonState } | undefined {
    const [first, ...others] = state.threads.map(({ frame }) => frame);
    if (!first || state.accepting) return undefined;
    let frame = others.reduce((shared, other) => shared.shared(other), first);
    while (frame.at?.op === 'loop' && frame.parent) frame = frame.parent;
    const { at, parent } = frame;
    if (!at || !parent) return undefined;
    const threads = state.threads.map((thread) => thread.frame.rebase(frame, this.#root).taking(thread));
    const after = this.#close((closure) => closure.enter(at.next, parent));
    return after ? { inside: this.#intern(new Set(threads), false), after } : undefined;
  }

  #advance(closure: Closure, thread: Thread, byte: number, byteClass: number): void {
    if (isPairThread(thread)) {
      const left = this.stepClass(thread.left, byteClass);
      const right = thread.right && (this.stepClass(thread.right, byteClass) ?? undefined);
      if (left) closure.pair(thread.at, left, right, thread.frame);
      return;
    }
    const edge = edgeOf(thread.node.edges, byte);
    if (edge?.to) closure.add(thread.frame.reading(thread.at, edge.to));
    else if (edge) closure.enter(thread.at.next, thread.frame);
  }

  #close(fill: (closure: Closure) => void): AutomatonState | null {
    const closure = new Closure(this, this.#liveness, this.#mostThreads);
    fill(closure);
    if (closure.threads.size === 0 && !closure.accepting) return null;
    return this.#intern(closure.threads, closure.accepting);
  }

  #intern(gathered: ReadonlySet<Thread>, accepting: boolean): AutomatonState {
    const threads = [...gathered].sort((one, other) => one.id - other.id);
    const key = `${threads.map(({ id }) => id).join()}${accepting}`;
    const known = this.#states.get(key);
    if (known) return known;
    if (this.#states.size >= mostStates) {
      throw new RangeError(
        `Expected a grammar that is followed in at most ${mostStates} states, received a larger one`,
      );
    }
    const state = { id: this.#states.size, threads, accepting, next: [], cut: undefined };
    this.#states.set(key, state);
    return state;
  }
}

const edgeOf = (edges: readonly ByteEdge[], byte: number): ByteEdge | undefined =>
  edges.find(({ first, last }) => first <= byte && byte <= last);
