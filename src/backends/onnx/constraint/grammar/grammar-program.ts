import { type ByteNode, ByteNodes } from './byte-node.ts';
import type { Grammar, GrammarNode } from './grammar-node.ts';
import type { CallInstruction, Instruction, PairInstruction, RepeatInstruction } from './instruction.ts';
import { findNullable, isNullable } from './prune-grammar.ts';

type NodeOf<Type extends GrammarNode['type']> = Extract<GrammarNode, { type: Type }>;

/** A grammar, ready to be followed byte by byte. */
export class GrammarProgram {
  readonly start: Instruction;
  readonly pairs: PairInstruction[] = [];
  /** Bytes that no rule tells apart are of one class; the class of each byte. */
  readonly byteClasses: Uint8Array = new Uint8Array(256);
  /** One byte of each class. */
  readonly samples: readonly number[];
  readonly #nodes = new ByteNodes();
  readonly #grammar: Grammar;
  readonly #nullable: ReadonlySet<string>;
  readonly #rules = new Map<string, Instruction>();
  readonly #calls: { readonly instruction: CallInstruction; readonly name: string }[] = [];
  readonly #limit: number;
  readonly #return: Instruction = { op: 'return', id: 0 };
  readonly #again: Instruction = { op: 'again', id: 1 };
  readonly #accept: Instruction = { op: 'accept', id: 2 };
  #count = 3;

  /**
   * @param grammar One that `pruneGrammar` gave.
   * @param limit The most instructions.
   * @throws RangeError where it takes more.
   */
  constructor(grammar: Grammar, limit: number) {
    this.#grammar = grammar;
    this.#limit = limit;
    this.#nullable = findNullable(grammar);
    this.start = this.#rule({ type: 'rule', name: 'root' }, this.#accept);
    // Rules are compiled one after another and not within one another, however deep they go.
    for (let call = this.#calls.pop(); call; call = this.#calls.pop()) this.#fill(call.instruction, call.name);
    this.samples = classify(this.#nodes.all, this.byteClasses);
  }

  #fill(call: CallInstruction, name: string): void {
    const node = this.#grammar.get(name);
    const known = this.#rules.get(name) ?? (node ? this.#compile(node, this.#return) : this.#split([]));
    this.#rules.set(name, known);
    call.rule = known;
  }

  #compile(node: GrammarNode, next: Instruction): Instruction {
    switch (node.type) {
      case 'text':
        return this.#text(node.text, next);
      case 'class':
        return { op: 'read', id: this.#id(), node: this.#nodes.of(node.codes), next };
      case 'rule':
        return this.#rule(node, next);
      case 'sequence':
        return node.items.reduceRight((after, item) => this.#compile(item, after), next);
      case 'choice':
        return this.#split(node.options.map((option) => this.#compile(option, next)));
      case 'repeat':
        return this.#repeat(node, next);
      case 'pair':
        return this.#pair(node, next);
    }
  }

  #text(text: string, next: Instruction): Instruction {
    const bytes = new TextEncoder().encode(text);
    return bytes.reduceRight<Instruction>(
      (after, byte) => ({ op: 'read', id: this.#id(), node: this.#nodes.byte(byte), next: after }),
      next,
    );
  }

  #rule({ name }: NodeOf<'rule'>, next: Instruction): Instruction {
    const instruction: CallInstruction = { op: 'call', id: this.#id(), rule: this.#return, next };
    this.#calls.push({ instruction, name });
    return instruction;
  }

  #split(targets: readonly Instruction[]): Instruction {
    return targets.length === 1 ? (targets[0] as Instruction) : { op: 'split', id: this.#id(), targets };
  }

  #repeat({ item, min, max }: NodeOf<'repeat'>, next: Instruction): Instruction {
    if (max === 0) return next;
    if (max === 1) return min === 1 ? this.#compile(item, next) : this.#split([this.#compile(item, next), next]);
    const repeat: RepeatInstruction = {
      op: 'repeat',
      id: this.#id(),
      body: next,
      // A body that can be empty makes up any count.
      min: isNullable(item, this.#nullable) ? 0 : min,
      max,
      next,
    };
    repeat.body = this.#compile(item, this.#again);
    return repeat;
  }

  #pair({ id, kind, left, right }: NodeOf<'pair'>, next: Instruction): Instruction {
    const pair: PairInstruction = {
      op: 'pair',
      id: this.#id(),
      kind,
      pair: id,
      left: this.#compile(left, this.#accept),
      right: this.#compile(right, this.#accept),
      next,
    };
    this.pairs.push(pair);
    return pair;
  }

  #id(): number {
    if (this.#count >= this.#limit) {
      throw new RangeError(`Expected a grammar of at most ${this.#limit} instructions, received a larger one`);
    }
    return this.#count++;
  }
}

/** Gives each byte its class, and returns one byte of each. */
const classify = (nodes: readonly ByteNode[], classes: Uint8Array): readonly number[] => {
  const starts = new Set([0]);
  for (const { first, last } of nodes.flatMap(({ edges }) => edges)) starts.add(first).add(last + 1);
  const samples = [...starts].filter((start) => start < 256).sort((one, other) => one - other);
  for (const [index, start] of samples.entries()) classes.fill(index, start);
  return samples;
};
