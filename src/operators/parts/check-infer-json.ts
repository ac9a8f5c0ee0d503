import type { Backend } from '../../runtime/backend.ts';
import { checkCount } from '../../runtime/check-count.ts';
import { checkInference } from '../../runtime/check-inference.ts';
import { expected } from '../../runtime/expected.ts';
import type { JsonSchema } from '../../runtime/json-schema.ts';
import type { Prompt } from '../../runtime/prompt.ts';
import { compileSchema } from '../../runtime/schema/compile-schema.ts';
import type { FromSchema } from '../../runtime/schema/from-schema.ts';
import type { StandardSchema } from '../../runtime/schema/standard-schema.ts';
import type { InferJsonOptions } from './infer-json-options.ts';
import type { JsonQuestion } from './json-question.ts';

type Own = Pick<InferJsonOptions, 'repairs' | 'enforce'>;

type InferJson<I, T> = {
  readonly toPrompt: (input: I) => Prompt;
  readonly question: JsonQuestion<T>;
  readonly concurrency: number;
};

/** Reads the arguments of `inferJson`, and refuses misuse when the operator is made. */
export const checkInferJson = <I, const S extends JsonSchema | StandardSchema>(
  backend: Backend,
  schema: S,
  rest: readonly unknown[],
): InferJson<I, FromSchema<S>> => {
  const own = ['repairs', 'enforce'] as const;
  const { toPrompt, fields, timeouts, concurrency, extra } = checkInference<I, Own>('inferJson', backend, rest, own);
  const { repairs = 1, enforce } = extra;
  for (const stray of ['schema', 'tools', 'toolChoice'] as const) {
    if (stray in fields)
      throw new TypeError(`Expected the options of inferJson to be without \`${stray}\`, received it`);
  }
  checkCount('repairs', repairs, 0);
  if (enforce !== undefined && enforce !== 'required') {
    throw new TypeError(expected('`enforce`', "'required'", enforce));
  }
  const compiled = compileSchema(schema);
  if (enforce === 'required') checkEnforced(backend, compiled.json);
  return { toPrompt, question: { backend, schema: compiled, fields, timeouts, repairs }, concurrency };
};

const checkEnforced = (backend: Backend, schema: JsonSchema): void => {
  const left = backend.unenforced?.(schema);
  if (left?.length === 0) return;
  const received = left === undefined ? 'enforces nothing' : `does not enforce ${left.join(', ')}`;
  throw new RangeError(
    `Expected a backend that enforces the whole schema, received ${backend.id}, which ${received}: change the schema, or leave \`enforce\` out and let validation decide`,
  );
};
