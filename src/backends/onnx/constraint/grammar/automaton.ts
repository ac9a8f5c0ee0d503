import type { AutomatonState, Thread } from './automaton-state.ts';
import type { ByteEdge } from './byte-node.ts';
import { Frame } from './frame.ts';
import type { GrammarProgram } from './grammar-program.ts';
import type { Instruction, PairInstruction } from './instruction.ts';
import { PairLiveness } from './pair-liveness.ts';

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

  /** The state after one byte more; `null` where it does not fit. */
  step(state: AutomatonState, byte: number): AutomatonState | null {
    return this.stepClass(state, this.program.byteClasses[byte] as number);
  }

  /** The same for any byte of a class. */
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

  /** The same state with no count above `limit`: it allows the same texts of up to `limit` bytes to follow, but is the same one for many. */
  cut(state: AutomatonState, limit: number): AutomatonState {
    if (state.cut) return state.cut;
    const threads = state.threads.map((thread) => ({ ...thread, frame: thread.frame.cut(limit) }));
    state.cut = this.#intern(new Map(threads.map((thread) => [keyOf(thread), thread])), state.accepting);
    return state.cut;
  }

  #advance(closure: Closure, thread: Thread, byte: number, byteClass: number): void {
    const { at, frame } = thread;
    if (!('node' in thread)) {
      const left = this.stepClass(thread.left, byteClass);
      const right = thread.right && (this.stepClass(thread.right, byteClass) ?? undefined);
      if (left) closure.pair(at as PairInstruction, left, right, frame);
      return;
    }
    const edge = edgeOf(thread.node.edges, byte);
    if (edge?.to) closure.add({ ...thread, node: edge.to });
    else if (edge) closure.enter(thread.at.next, frame);
  }

  #close(fill: (closure: Closure) => void): AutomatonState | null {
    const closure = new Closure(this, this.#liveness, this.#mostThreads);
    fill(closure);
    if (closure.threads.size === 0 && !closure.accepting) return null;
    return this.#intern(closure.threads, closure.accepting);
  }

  #intern(threads: ReadonlyMap<string, Thread>, accepting: boolean): AutomatonState {
    const key = `${[...threads.keys()].sort().join()}${accepting}`;
    const known = this.#states.get(key);
    if (known) return known;
    const id = this.#states.size;
    const state = { id, threads: [...threads.values()], accepting, next: [], cut: undefined };
    this.#states.set(key, state);
    return state;
  }
}

/** Gathers the threads of a state. */
class Closure {
  readonly threads = new Map<string, Thread>();
  accepting = false;
  readonly #automaton: Automaton;
  readonly #liveness: PairLiveness;
  readonly #mostThreads: number;
  readonly #seen = new Set<string>();

  constructor(automaton: Automaton, liveness: PairLiveness, mostThreads: number) {
    this.#automaton = automaton;
    this.#liveness = liveness;
    this.#mostThreads = mostThreads;
  }

  add(thread: Thread): void {
    this.threads.set(keyOf(thread), thread);
    if (this.threads.size > this.#mostThreads) {
      throw new RangeError(
        `Expected a grammar that a text fits in at most ${this.#mostThreads} ways, received an ambiguous one`,
      );
    }
  }

  pair(at: PairInstruction, left: AutomatonState, right: AutomatonState | undefined, frame: Frame): void {
    if (!this.#liveness.isLive(at.kind, left, right)) return;
    this.add({ at, left, right, frame });
    if (this.#liveness.isAccepting(at.kind, left, right)) this.enter(at.next, frame);
  }

  enter(instruction: Instruction, frame: Frame): void {
    const open: [Instruction, Frame][] = [[instruction, frame]];
    for (let place = open.pop(); place; place = open.pop()) {
      const key = `${place[0].id},${place[1].id}`;
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      open.push(...this.#follow(...place));
    }
  }

  /** The places that one place leads to without reading anything. */
  #follow(instruction: Instruction, frame: Frame): readonly [Instruction, Frame][] {
    switch (instruction.op) {
      case 'read':
        this.add({ at: instruction, node: instruction.node, frame });
        return [];
      case 'split':
        return instruction.targets.map((target) => [target, frame]);
      case 'call':
        // What a rule ends with needs no frame of its own, so that recursion to the right does not grow.
        return [[instruction.rule, instruction.next.op === 'return' ? frame : frame.push(instruction)]];
      case 'return':
        return frame.at && frame.parent ? [[frame.at.next, frame.parent]] : [];
      case 'repeat':
        return repeat(instruction, frame, instruction.min, instruction.max);
      case 'again':
        return frame.at?.op === 'repeat' && frame.parent
          ? repeat(frame.at, frame.parent, Math.max(0, frame.need - 1), frame.room - 1)
          : [];
      case 'pair': {
        const left = this.#automaton.start(instruction.left);
        if (left) this.pair(instruction, left, this.#automaton.start(instruction.right) ?? undefined, frame);
        return [];
      }
      case 'accept':
        this.accepting = true;
        return [];
    }
  }
}

const repeat = (
  at: Extract<Instruction, { op: 'repeat' }>,
  frame: Frame,
  need: number,
  room: number,
): readonly [Instruction, Frame][] => [
  ...(room > 0 ? [[at.body, frame.push(at, need, room)] as [Instruction, Frame]] : []),
  ...(need === 0 ? [[at.next, frame] as [Instruction, Frame]] : []),
];

const edgeOf = (edges: readonly ByteEdge[], byte: number): ByteEdge | undefined =>
  edges.find(({ first, last }) => first <= byte && byte <= last);

const keyOf = (thread: Thread): string =>
  'node' in thread
    ? `${thread.at.id}.${thread.node.id}.${thread.frame.id}`
    : `${thread.at.id}.${thread.left.id}.${thread.right?.id ?? ''}.${thread.frame.id}`;
