import { type CodeRange, CodeRanges } from './code-ranges.ts';
import type { Grammar, GrammarNode, PairKind } from './grammar-node.ts';

/**
 * Reads a grammar in EBNF:
 *
 * ```text
 * root ::= "[" item (", " item){0,3} "]"   # a rule, a text, a group, a repetition: ? * + {m} {m,} {m,n}
 * item ::= [a-z\u00e9] | [^"\\] | other     # characters among these, or not among these; alternatives
 * other ::= word & short - "no"            # what both sides allow, but not "no"
 * ```
 *
 * @throws SyntaxError where it is not one.
 */
export const parseGrammar = (text: string): Grammar => {
  const parser = new Parser(tokenize(text));
  const rules = new Map<string, GrammarNode>();
  for (;;) {
    const head = parser.take('head');
    if (head === undefined) break;
    if (rules.has(head.text)) throw new SyntaxError(`Expected one rule \`${head.text}\`, received two`);
    rules.set(head.text, parser.choice());
  }
  parser.finish();
  return rules;
};

type TokenKind = 'head' | 'name' | 'text' | 'class' | 'counts' | 'sign' | 'end';
type Token = { readonly kind: TokenKind; readonly text: string; readonly at: number };

const pattern =
  /(?<space>\s+|#[^\n]*)|(?<name>[A-Za-z_]\w*)(?<head>\s*::=)?|"(?<text>(?:[^"\\\n]|\\.)*)"|\[(?<class>(?:[^\]\\\n]|\\.)*)\]|\{(?<counts>\d+(?:,\d*)?)\}|(?<sign>[()|&?*+-])/y;

const tokenize = (grammar: string): Token[] => {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < grammar.length) {
    const at = pattern.lastIndex;
    const groups = pattern.exec(grammar)?.groups;
    if (!groups) throw new SyntaxError(`Expected a grammar, received ${JSON.stringify(grammar.slice(at, at + 20))}`);
    const token = toToken(groups, at);
    if (token) tokens.push(token);
  }
  return tokens;
};

const toToken = (groups: Record<string, string | undefined>, at: number): Token | undefined => {
  if (groups.head !== undefined) return { kind: 'head', text: groups.name as string, at };
  for (const kind of ['name', 'text', 'class', 'counts', 'sign'] as const) {
    const text = groups[kind];
    if (text !== undefined) return { kind, text, at };
  }
  return undefined;
};

class Parser {
  readonly #tokens: readonly Token[];
  #index = 0;
  #pairs = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  take(kind: TokenKind, text?: string): Token | undefined {
    const token = this.#tokens[this.#index];
    if (token?.kind !== kind || (text !== undefined && token.text !== text)) return undefined;
    this.#index++;
    return token;
  }

  finish(): void {
    const token = this.#tokens[this.#index];
    if (token) throw new SyntaxError(`Expected a rule, received \`${token.text}\` at ${token.at}`);
  }

  choice(): GrammarNode {
    const options = [this.#pair()];
    while (this.take('sign', '|')) options.push(this.#pair());
    return options.length === 1 ? (options[0] as GrammarNode) : { type: 'choice', options };
  }

  #pair(): GrammarNode {
    let left = this.#sequence();
    for (;;) {
      const kind = this.#pairKind();
      if (!kind) return left;
      left = { type: 'pair', id: this.#pairs++, kind, left, right: this.#sequence() };
    }
  }

  #pairKind(): PairKind | undefined {
    if (this.take('sign', '&')) return 'both';
    return this.take('sign', '-') && 'except';
  }

  #sequence(): GrammarNode {
    const items: GrammarNode[] = [];
    for (let item = this.#item(); item; item = this.#item()) items.push(this.#repeated(item));
    return items.length === 1 ? (items[0] as GrammarNode) : { type: 'sequence', items };
  }

  #item(): GrammarNode | undefined {
    const text = this.take('text');
    if (text) return { type: 'text', text: readText(text.text) };
    const characters = this.take('class');
    if (characters) return { type: 'class', codes: readClass(characters.text) };
    const name = this.take('name');
    if (name) return { type: 'rule', name: name.text };
    return this.take('sign', '(') && this.#group();
  }

  #group(): GrammarNode {
    const inside = this.choice();
    if (!this.take('sign', ')')) throw new SyntaxError('Expected a group to be closed');
    return inside;
  }

  #repeated(item: GrammarNode): GrammarNode {
    if (this.take('sign', '?')) return { type: 'repeat', item, min: 0, max: 1 };
    if (this.take('sign', '*')) return { type: 'repeat', item, min: 0, max: Number.POSITIVE_INFINITY };
    if (this.take('sign', '+')) return { type: 'repeat', item, min: 1, max: Number.POSITIVE_INFINITY };
    const counts = this.take('counts');
    if (!counts) return item;
    const [min, max = min] = counts.text.split(',').map((count) => (count === '' ? Number.POSITIVE_INFINITY : +count));
    return { type: 'repeat', item, min: min as number, max: max as number };
  }
}

const escapes: Readonly<Record<string, string>> = { 0: '\0', n: '\n', r: '\r', t: '\t' };
const oneCharacter = /\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\.|./gsu;

const readCharacter = (written: string): string => {
  if (!written.startsWith('\\')) return written;
  const code = /^\\[xuU]([0-9a-fA-F]{2,})$/.exec(written)?.[1];
  if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
  return escapes[written.slice(1)] ?? written.slice(1);
};

const readText = (text: string): string => (text.match(oneCharacter) ?? []).map(readCharacter).join('');

const readClass = (text: string): CodeRanges => {
  const negated = text.startsWith('^');
  const written: readonly string[] = text.slice(negated ? 1 : 0).match(oneCharacter) ?? [];
  const code = (index: number) => readCharacter(written[index] as string).codePointAt(0) as number;
  const ranges: CodeRange[] = [];
  for (let index = 0; index < written.length; index++) {
    const isRange = written[index + 1] === '-' && index + 2 < written.length;
    ranges.push([code(index), code(isRange ? index + 2 : index)]);
    if (isRange) index += 2;
  }
  const codes = CodeRanges.of(...ranges);
  return negated ? codes.complement() : codes;
};
