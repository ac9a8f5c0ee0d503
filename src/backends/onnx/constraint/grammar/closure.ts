import type { Automaton } from './automaton.ts';
import type { AutomatonState } from './automaton-state.ts';
import type { Frame } from './frame.ts';
import type { Instruction, LoopInstruction, PairInstruction } from './instruction.ts';
import type { PairLiveness } from './pair-liveness.ts';
import type { Thread } from './thread.ts';

/** More than there are instructions in a program. */
const mostInstructions = 2 ** 20;

/** Gathers the threads of a state. */
export class Closure {
  readonly threads: Set<Thread> = new Set();
  accepting = false;
  readonly #automaton: Automaton;
  readonly #liveness: PairLiveness;
  readonly #mostThreads: number;
  readonly #seen = new Set<number>();

  constructor(automaton: Automaton, liveness: PairLiveness, mostThreads: number) {
    this.#automaton = automaton;
    this.#liveness = liveness;
    this.#mostThreads = mostThreads;
  }

  add(thread: Thread): void {
    this.threads.add(thread);
    if (this.threads.size > this.#mostThreads) {
      throw new RangeError(
        `Expected a grammar that a text fits in at most ${this.#mostThreads} ways, received an ambiguous one`,
      );
    }
  }

  pair(at: PairInstruction, left: AutomatonState, right: AutomatonState | undefined, frame: Frame): void {
    if (!this.#liveness.isLive(at.kind, left, right)) return;
    this.add(frame.pairing(at, left, right));
    if (this.#liveness.isAccepting(at.kind, left, right)) this.enter(at.next, frame);
  }

  enter(instruction: Instruction, frame: Frame): void {
    const open: [Instruction, Frame][] = [[instruction, frame]];
    for (let place = open.pop(); place; place = open.pop()) {
      const key = place[1].id * mostInstructions + place[0].id;
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      open.push(...this.#follow(...place));
    }
  }

  /** The places that one place leads to without reading anything. */
  #follow(instruction: Instruction, frame: Frame): readonly [Instruction, Frame][] {
    switch (instruction.op) {
      case 'read':
        this.add(frame.reading(instruction, instruction.node));
        return [];
      case 'split':
        return instruction.targets.map((target) => [target, frame]);
      case 'call':
        // What a rule ends with needs no frame of its own, so that recursion to the right does not grow.
        return [[instruction.rule.start, instruction.next.op === 'return' ? frame : frame.push(instruction)]];
      case 'return':
        // Where nothing is open any more, that is the end of a rule that is followed by itself.
        if (!frame.at || !frame.parent) this.accepting = true;
        return frame.at && frame.parent ? [[frame.at.next, frame.parent]] : [];
      case 'repeat':
        return repeat(instruction.loop, frame, instruction.min, instruction.max);
      case 'loop':
        return [];
      case 'again':
        return frame.at?.op === 'loop' && frame.parent
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

const repeat = (at: LoopInstruction, frame: Frame, need: number, room: number): readonly [Instruction, Frame][] => [
  ...(room > 0 ? [[at.body, frame.push(at, need, room)] as [Instruction, Frame]] : []),
  ...(need === 0 ? [[at.next, frame] as [Instruction, Frame]] : []),
];
