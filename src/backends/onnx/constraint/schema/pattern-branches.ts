import type { PatternNode } from './character-codes.ts';
import { UnheldPattern } from './unheld-pattern.ts';

/** One alternative of a pattern, with its anchors taken off and any characters put where there is none. */
export type PatternBranch = readonly PatternNode[];

type Open = { readonly start: boolean; readonly end: boolean; readonly items: readonly PatternNode[] };

/**
 * The alternatives of a pattern as what a whole text looks like, where a pattern only says what is somewhere within.
 *
 * @throws UnheldPattern where an anchor stands in the middle.
 */
export const patternBranches = (pattern: PatternNode): readonly PatternBranch[] =>
  open([pattern]).map(({ start, end, items }) => [...(start ? [] : [anything]), ...items, ...(end ? [] : [anything])]);

const anything = {
  type: 'quantifier',
  min: 0,
  greedy: true,
  body: [{ type: 'characterClass', kind: 'union', negative: true, body: [] }],
} as unknown as PatternNode;

/** Takes anchors off both ends, also out of the groups that stand there. */
const open = (sequence: readonly PatternNode[]): readonly Open[] => {
  const [first, ...rest] = sequence;
  const last = sequence.at(-1);
  if (isAnchor(first, 'start')) return open(rest).map((branch) => ({ ...branch, start: true }));
  if (isAnchor(last, 'end')) return open(sequence.slice(0, -1)).map((branch) => ({ ...branch, end: true }));
  const inner = [first, last].find((node) => node !== undefined && isTransparent(node) && hasAnchor(node));
  if (!inner) {
    if (sequence.some(hasAnchor)) throw new UnheldPattern('an anchor in the middle');
    return [{ start: false, end: false, items: sequence }];
  }
  const [before, after] = inner === first ? [[], rest] : [sequence.slice(0, -1), []];
  return spread(inner).flatMap((branch) => open([...before, ...branch, ...after]));
};

const isAnchor = (node: PatternNode | undefined, kind: 'start' | 'end'): boolean =>
  node?.type === 'anchor' && node.kind === kind;

const isTransparent = (node: PatternNode): boolean =>
  node.type === 'alternative' ||
  node.type === 'disjunction' ||
  (node.type === 'group' && (node.behavior === 'normal' || node.behavior === 'ignore'));

/** A group or disjunction as its alternatives. */
const spread = (node: PatternNode): readonly (readonly PatternNode[])[] => {
  if (node.type === 'disjunction') return node.body.map((branch) => [branch]);
  return node.type === 'group' || node.type === 'alternative' ? [node.body] : [[node]];
};

const hasAnchor = (node: PatternNode): boolean => {
  if (node.type === 'anchor') return true;
  const inside = node.type === 'characterClass' || !('body' in node) ? [] : (node.body as readonly PatternNode[]);
  return inside.some(hasAnchor);
};
