import type { Ajv, ErrorObject, Options, ValidateFunction } from 'ajv';
import { schemaLibraries } from '#schema-libraries';
import type { JsonSchema } from '../json-schema.ts';
import type { SchemaIssue } from '../schema-error.ts';
import { allowance, type Spend } from './allowance.ts';
import { BoundedPattern } from './bounded-pattern.ts';
import { canonicalJson } from './canonical-json.ts';

/** Finds in what a value misses a schema; an empty list means that it matches. */
export type JsonValidator = (value: unknown) => readonly SchemaIssue[];

/** Each about a second, at most. */
const judgingSteps = 2_000_000;
const checkingSteps = 400_000_000;
const referenceSteps = 100;
const mostIssues = 20;

/**
 * Compiles a JSON Schema of draft 2020-12, or of draft-07 where `$schema` says so.
 *
 * Keywords and formats that are not known are annotations, as the drafts have it; known formats are checked. What
 * stands beside a `$ref` holds in both drafts. A value whose check would take longer than about a second does not match.
 *
 * @throws TypeError, RangeError when it is not a schema, or one that can make a check run for ages.
 */
export const jsonValidator = (schema: JsonSchema): JsonValidator => {
  const draft = draftOf(schema);
  const bare = typeof schema === 'boolean' ? schema : { ...schema, $schema: undefined };
  refuseMisshapen(draft, bare);

  let spend: Spend = () => {};
  const check = compile(draft, bare, (steps) => spend(steps));
  const validator = (value: unknown): readonly SchemaIssue[] => {
    spend = allowance(checkingSteps, 'too long');
    try {
      return check(value) ? [] : (check.errors ?? []).slice(0, mostIssues).map(issueOf);
    } catch (error) {
      if (error instanceof RangeError) return tooLong;
      throw error;
    }
  };
  if ([null, true, 0, '', [], {}].some((value) => validator(value) === tooLong)) {
    throw new RangeError(
      'Expected a schema that can be checked, received one whose references lead back to themselves, or multiply, on the same value',
    );
  }
  return validator;
};

const tooLong: readonly SchemaIssue[] = [{ path: '', message: 'takes too long to check: it is too long, or too deep' }];

/** The class of ajv for each. */
type Draft = 'Ajv2020' | 'Ajv';

const drafts = new Map<string, Draft>([
  ['json-schema.org/draft/2020-12/schema', 'Ajv2020'],
  ['json-schema.org/draft-07/schema', 'Ajv'],
]);

const draftOf = (schema: JsonSchema): Draft => {
  const named = typeof schema === 'boolean' ? undefined : schema.$schema;
  if (named === undefined) return 'Ajv2020';
  const draft = drafts.get(
    String(named)
      .replace(/^https?:\/\//, '')
      .replace(/#$/, ''),
  );
  if (draft !== undefined) return draft;
  throw new TypeError(
    `Expected \`$schema\` to be "https://json-schema.org/draft/2020-12/schema" or "http://json-schema.org/draft-07/schema#", received ${JSON.stringify(named)}`,
  );
};

const lenient = { strict: false, logger: false } as const;
const judges = new Map<Draft, Ajv>();

const refuseMisshapen = (draft: Draft, schema: JsonSchema): void => {
  if (typeof schema !== 'boolean' && schema.$async !== undefined) {
    throw new TypeError('Expected a schema that is checked at once, received one with `$async`: leave it out');
  }
  const judge = judges.get(draft) ?? new (schemaLibraries()[draft])({ ...lenient, validateFormats: false });
  judges.set(draft, judge);
  if (judge.validateSchema(schema)) return;
  const [first] = judge.errors ?? [];
  const { path, message } = first ? issueOf(first) : { path: '', message: 'is none' };
  throw new TypeError(`Expected a JSON Schema, received one where ${path || 'the whole'} ${message}`);
};

/** A schema is compiled by an instance of its own, so that the `$id`s of one are never those of another. */
const compile = (draft: Draft, schema: JsonSchema, spend: Spend): ValidateFunction => {
  const { [draft]: Compiler, formats, MissingRefError } = schemaLibraries();
  const judging = allowance(judgingSteps, 'too much to judge');
  const patterns = new Map<string, BoundedPattern>();
  const regExp = (pattern: string) => {
    const known = patterns.get(pattern) ?? new BoundedPattern(pattern, judging, spend);
    patterns.set(pattern, known);
    return known;
  };
  // Never used: it says what the pattern would be in a program that ajv writes to a file.
  regExp.code = 'RegExp';

  const options: Options = {
    ...lenient,
    validateSchema: false,
    allErrors: true,
    ownProperties: true,
    inlineRefs: false,
    formats,
    code: { regExp },
  };
  const ajv = new Compiler(options);
  boundReferences(ajv, spend);
  boundUniqueness(ajv);
  try {
    return ajv.compile(schema);
  } catch (cause) {
    if (cause instanceof RangeError && cause.message.startsWith('Expected')) throw cause;
    const advice = cause instanceof MissingRefError ? ': put what it refers to into `$defs`' : '';
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`Expected a schema that can be compiled, received one that cannot: ${message}${advice}`, {
      cause,
    });
  }
};

/** Takes note of each reference that is followed: only references can multiply the work. */
const boundReferences = (ajv: Ajv, spend: Spend): void => {
  const { code } = schemaLibraries();
  for (const keyword of ['$ref', '$dynamicRef']) {
    const definition = ajv.getKeyword(keyword);
    if (typeof definition !== 'object' || !('code' in definition)) continue;
    ajv.removeKeyword(keyword);
    ajv.addKeyword({
      ...definition,
      keyword,
      code(context, type) {
        const follow = context.gen.scopeValue('func', { ref: () => spend(referenceSteps) });
        context.gen.code(code`${follow}()`);
        definition.code(context, type);
      },
    });
  }
};

/** Compares items by their text: ajv compares each with each, which takes ages on a long list of objects. */
const boundUniqueness = (ajv: Ajv): void => {
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    error: { message: 'must NOT have duplicate items' },
    validate: (unique: boolean, items: readonly unknown[]) =>
      !unique || new Set(items.map(canonicalJson)).size === items.length,
  });
};

const issueOf = ({ instancePath, keyword, params, message = 'does not match' }: ErrorObject): SchemaIssue => ({
  path: instancePath,
  message: message + (details[keyword]?.(params) ?? ''),
});

/** What ajv's messages leave out. */
const details: { readonly [keyword: string]: (params: ErrorObject['params']) => string } = {
  enum: ({ allowedValues }) =>
    `: ${shortened(allowedValues.map((value: unknown) => JSON.stringify(value)).join(', '))}`,
  const: ({ allowedValue }) => `: ${shortened(JSON.stringify(allowedValue))}`,
  additionalProperties: ({ additionalProperty }) => `: ${JSON.stringify(additionalProperty)}`,
  unevaluatedProperties: ({ unevaluatedProperty }) => `: ${JSON.stringify(unevaluatedProperty)}`,
};

const shortened = (text: string): string => (text.length > 400 ? `${text.slice(0, 400)}…` : text);
