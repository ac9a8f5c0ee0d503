import { type Grammar, type GrammarNode, never } from './grammar-node.ts';

/**
 * Takes out what can never be written to its end, so that whoever follows the grammar never gets stuck. `dead` are
 * the ids of pairs that are known to allow nothing. A grammar without a `root` is one that allows nothing.
 *
 * @throws SyntaxError where a rule is missing, or begins with itself.
 */
export const pruneGrammar = (grammar: Grammar, dead: ReadonlySet<number> = new Set()): Grammar => {
  for (const node of grammar.values()) checkNames(node, grammar);
  const productive = findRules(grammar, (node, known) => isProductive(node, known, dead));
  const rules = new Map<string, GrammarNode>();
  for (const [name, node] of grammar) {
    if (productive.has(name)) rules.set(name, prune(node, productive, dead));
  }
  checkLeftRecursion(rules);
  return rules;
};

/** The rules that can be empty. */
export const findNullable = (grammar: Grammar): ReadonlySet<string> => findRules(grammar, isNullable);

/** Whether nothing at all may be written for this, given the rules of which that is so. */
export const isNullable = (node: GrammarNode, nullable: ReadonlySet<string>): boolean => {
  if (node.type === 'text') return node.text === '';
  if (node.type === 'class') return false;
  if (node.type === 'rule') return nullable.has(node.name);
  if (node.type === 'sequence') return node.items.every((item) => isNullable(item, nullable));
  if (node.type === 'choice') return node.options.some((option) => isNullable(option, nullable));
  if (node.type === 'repeat') return node.min === 0 || isNullable(node.item, nullable);
  return isNullable(node.left, nullable) && (node.kind === 'except' || isNullable(node.right, nullable));
};

type Property = (node: GrammarNode, rules: ReadonlySet<string>) => boolean;

/** The least set of rules of which a property holds that follows from the rules below. */
const findRules = (grammar: Grammar, holds: Property): ReadonlySet<string> => {
  const found = new Set<string>();
  let before: number;
  do {
    before = found.size;
    for (const [name, node] of grammar) if (!found.has(name) && holds(node, found)) found.add(name);
  } while (found.size > before);
  return found;
};

const isProductive = (node: GrammarNode, rules: ReadonlySet<string>, dead: ReadonlySet<number>): boolean => {
  if (node.type === 'text') return true;
  if (node.type === 'class') return !node.codes.isEmpty;
  if (node.type === 'rule') return rules.has(node.name);
  if (node.type === 'sequence') return node.items.every((item) => isProductive(item, rules, dead));
  if (node.type === 'choice') return node.options.some((option) => isProductive(option, rules, dead));
  if (node.type === 'repeat') return node.max >= node.min && (node.min === 0 || isProductive(node.item, rules, dead));
  if (dead.has(node.id) || !isProductive(node.left, rules, dead)) return false;
  return node.kind === 'except' || isProductive(node.right, rules, dead);
};

const prune = (node: GrammarNode, rules: ReadonlySet<string>, dead: ReadonlySet<number>): GrammarNode => {
  const inside = (item: GrammarNode) => (isProductive(item, rules, dead) ? prune(item, rules, dead) : never);
  if (node.type === 'sequence') return { ...node, items: node.items.map(inside) };
  if (node.type === 'choice')
    return { ...node, options: node.options.map(inside).filter((option) => option !== never) };
  if (node.type === 'pair') return { ...node, left: inside(node.left), right: inside(node.right) };
  if (node.type !== 'repeat') return node;
  const item = inside(node.item);
  return item === never ? nothing : { ...node, item };
};

const nothing: GrammarNode = { type: 'text', text: '' };

const checkNames = (node: GrammarNode, grammar: Grammar): void => {
  if (node.type === 'rule' && !grammar.has(node.name)) {
    throw new SyntaxError(`Expected a rule \`${node.name}\`, received ${grammar.size} others`);
  }
  for (const child of children(node)) checkNames(child, grammar);
};

const children = (node: GrammarNode): readonly GrammarNode[] => {
  if (node.type === 'sequence') return node.items;
  if (node.type === 'choice') return node.options;
  if (node.type === 'repeat') return [node.item];
  return node.type === 'pair' ? [node.left, node.right] : [];
};

const checkLeftRecursion = (grammar: Grammar): void => {
  const nullable = findNullable(grammar);
  const done = new Set<string>();
  const visit = (name: string, above: readonly string[]): void => {
    if (above.includes(name)) throw new SyntaxError(`Expected a rule that begins with a text, received \`${name}\``);
    const node = grammar.get(name);
    if (done.has(name) || !node) return;
    for (const first of leading(node, nullable)) visit(first, [...above, name]);
    done.add(name);
  };
  for (const name of grammar.keys()) visit(name, []);
};

/** The rules that a text may begin with. */
const leading = (node: GrammarNode, nullable: ReadonlySet<string>): readonly string[] => {
  if (node.type === 'rule') return [node.name];
  if (node.type !== 'sequence') return children(node).flatMap((child) => leading(child, nullable));
  const end = node.items.findIndex((item) => !isNullable(item, nullable));
  const first = end < 0 ? node.items : node.items.slice(0, end + 1);
  return first.flatMap((item) => leading(item, nullable));
};
