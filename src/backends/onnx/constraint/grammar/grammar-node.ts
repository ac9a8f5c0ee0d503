import type { CodeRanges } from './code-ranges.ts';

/** A piece of a grammar: what may be written there. */
export type GrammarNode =
  | { readonly type: 'text'; readonly text: string }
  /** One character among these; none at all where the set is empty. */
  | { readonly type: 'class'; readonly codes: CodeRanges }
  | { readonly type: 'rule'; readonly name: string }
  | { readonly type: 'sequence'; readonly items: readonly GrammarNode[] }
  | { readonly type: 'choice'; readonly options: readonly GrammarNode[] }
  | { readonly type: 'repeat'; readonly item: GrammarNode; readonly min: number; readonly max: number }
  | PairNode;

/** What both sides allow (`both`), or what the left one allows and the right one does not (`except`). */
export type PairNode = {
  readonly type: 'pair';
  /** Unique within its grammar. */
  readonly id: number;
  readonly kind: PairKind;
  readonly left: GrammarNode;
  readonly right: GrammarNode;
};

export type PairKind = 'both' | 'except';

/** The rules of a grammar by name; a text is whole when `root` is. */
export type Grammar = ReadonlyMap<string, GrammarNode>;

/** Nothing can be written here. */
export const never: GrammarNode = { type: 'choice', options: [] };
