import { checkOptions } from '../runtime/check-options.ts';
import { expected } from '../runtime/expected.ts';
import type { JsonSchema } from '../runtime/json-schema.ts';
import { compileSchema } from '../runtime/schema/compile-schema.ts';
import type { FromSchema } from '../runtime/schema/from-schema.ts';
import type { StandardSchema } from '../runtime/schema/standard-schema.ts';
import type { Tool, ToolContext } from './parts/tool.ts';

/** What a tool is made of. */
export type ToolSpecification<S> = {
  /** What the model calls it. */
  readonly name: string;
  /** Tells the model what it does, and when to use it. */
  readonly description?: string;
  /** The arguments: a JSON Schema of an object, or a schema of zod or any library of Standard Schema. */
  readonly parameters: S;
  /**
   * Whether doing it twice is as good as doing it once. With `false`, as for what pays or sends, it never runs twice for one
   * call id, and once it has run, an error of the model says that the same must not be asked again. Defaults to `true`.
   */
  readonly idempotent?: boolean;
  /** Runs only on arguments that match `parameters`. Returns a value, a promise, or an observable, whose last counts. */
  readonly execute: (args: NoInfer<FromSchema<S>>, context: ToolContext) => unknown;
};

/**
 * Makes a tool that `callTools` can offer to a model.
 *
 * Hands the model a telephone with one number on it.
 *
 * The arguments of `execute` are typed by `parameters` and have been checked against it. What it returns goes back to
 * the model: a string as it is, all else as JSON, nothing as `null`. What it throws goes back as well, in words.
 *
 * @example
 * ```ts
 * const searchDb = tool({
 *   name: 'search_db',
 *   description: 'Finds products by name.',
 *   parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
 *   execute: ({ query }, { signal }) => products.find(query, { signal }),
 * });
 * ```
 *
 * @param specification `name`, `description`, `parameters`, `idempotent` and `execute`.
 * @throws TypeError, RangeError when it is made without a name or with a schema that cannot be used.
 */
export const tool = <const S extends JsonSchema | StandardSchema>(
  specification: ToolSpecification<S>,
): Tool<FromSchema<S>> => {
  checkOptions('tool', specification, ['name', 'description', 'parameters', 'idempotent', 'execute']);
  const { name, description, idempotent = true, execute } = specification;
  if (typeof name !== 'string' || name === '') {
    throw new TypeError(expected("a tool's name", 'a string that is not empty', name));
  }
  if (description !== undefined && typeof description !== 'string') {
    throw new TypeError(expected('`description`', 'a string', description));
  }
  if (typeof execute !== 'function') throw new TypeError(expected('`execute`', 'a function', execute));
  if (typeof idempotent !== 'boolean') throw new TypeError(expected('`idempotent`', 'true or false', idempotent));
  const parameters = compileSchema(specification.parameters);
  return {
    name,
    ...(description !== undefined && { description }),
    parameters: parameters.json,
    idempotent,
    validate: (value) => parameters.validate(value),
    execute,
  };
};
