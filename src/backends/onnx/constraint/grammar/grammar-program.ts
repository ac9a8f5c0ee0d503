import { type ByteNode, ByteNodes } from './byte-node.ts';
import type { Grammar, GrammarNode } from './grammar-node.ts';
import type { Instruction, LoopInstruction, PairInstruction, Rule } from './instruction.ts';
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
  readonly #rules = new Map<string, Rule>();
  readonly #known = new Map<string, Instruction>();
  readonly #limit: number;
  readonly #return: Instruction = { op: 'return', id: 0 };
  readonly #again: Instruction = { op: 'again', id: 1 };
  readonly #accept: Instruction = { op: 'accept', id: 2 };

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
    for (const rule of this.#rules.values()) this.#fill(rule);
    this.samples = classify(this.#nodes.all, this.byteClasses);
  }

  #fill(rule: Rule): void {
    const node = this.#grammar.get(rule.name);
    rule.start = node ? this.#compile(node, this.#return) : this.#split([]);
  }

  #compile(node: GrammarNode, next: Instruction): Instruction {
    switch (node.type) {
      case 'text':
        return this.#text(node.text, next);
      case 'class':
        return this.#read(this.#nodes.of(node.codes), next);
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
    return bytes.reduceRight<Instruction>((after, byte) => this.#read(this.#nodes.byte(byte), after), next);
  }

  #read(node: ByteNode, next: Instruction): Instruction {
    return this.#make(`read ${node.id} ${next.id}`, (id) => ({ op: 'read', id, node, next }));
  }

  #rule({ name }: NodeOf<'rule'>, next: Instruction): Instruction {
    const rule = this.#rules.get(name) ?? { name, start: this.#return };
    this.#rules.set(name, rule);
    return this.#make(`call ${name} ${next.id}`, (id) => ({ op: 'call', id, rule, next }));
  }

  #split(targets: readonly Instruction[]): Instruction {
    if (targets.length === 1) return targets[0] as Instruction;
    return this.#make(`split ${targets.map(({ id }) => id).join()}`, (id) => ({ op: 'split', id, targets }));
  }

  #repeat({ item, min, max }: NodeOf<'repeat'>, next: Instruction): Instruction {
    if (max === 0) return next;
    if (max === 1) return min === 1 ? this.#compile(item, next) : this.#split([this.#compile(item, next), next]);
    const body = this.#compile(item, this.#again);
    const loop = this.#make(`loop ${body.id} ${next.id}`, (id): LoopInstruction => ({ op: 'loop', id, body, next }));
    // A body that can be empty makes up any count.
    const least = isNullable(item, this.#nullable) ? 0 : min;
    return this.#make(`repeat ${loop.id} ${least} ${max}`, (id) => ({ op: 'repeat', id, loop, min: least, max }));
  }

  #pair({ id, kind, left, right }: NodeOf<'pair'>, next: Instruction): Instruction {
    const sides = { left: this.#compile(left, this.#accept), right: this.#compile(right, this.#accept) };
    const pair = this.#make(
      `pair ${id} ${next.id}`,
      (own): PairInstruction => ({ op: 'pair', id: own, kind, pair: id, ...sides, next }),
    );
    this.pairs.push(pair);
    return pair;
  }

  /** The instruction of that kind, made if there is none yet, so that alike places are the same place. */
  #make<Made extends Instruction>(key: string, make: (id: number) => Made): Made {
    const known = this.#known.get(key);
    if (known) return known as Made;
    if (this.#known.size >= this.#limit) {
      throw new RangeError(`Expected a grammar of at most ${this.#limit} instructions, received a larger one`);
    }
    // The first ids belong to those that are there from the start.
    const made = make(this.#known.size + 3);
    this.#known.set(key, made);
    return made;
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
