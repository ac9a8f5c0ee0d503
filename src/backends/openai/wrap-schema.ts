import type { JsonSchema } from '../../runtime/json-schema.ts';

/** A schema as servers take it. */
export type SentSchema = {
  readonly schema: JsonSchema /** Whether it is that of the property `answer`. */;
  readonly wrapped: boolean;
};

// What is moved can only be found again where it is looked for in the definitions, which stay at the root.
const unmovable = /"\$ref":"(?!#\/(\$defs|definitions)\/)|"\$(id|anchor|dynamicRef|dynamicAnchor|recursiveRef)":/;

/**
 * A schema whose root is an object, as OpenAI wants it: another one becomes that of the object's only property, `answer`.
 * `undefined` where it cannot be moved there.
 */
export const wrapSchema = (schema: JsonSchema): SentSchema | undefined => {
  if (typeof schema === 'object' && isObjectSchema(schema)) return { schema, wrapped: false };
  if (unmovable.test(JSON.stringify(schema))) return undefined;
  const { $schema, $defs, definitions, ...own } = typeof schema === 'object' ? schema : {};
  return {
    wrapped: true,
    schema: {
      ...($schema !== undefined && { $schema }),
      type: 'object',
      properties: { answer: typeof schema === 'object' ? own : schema },
      required: ['answer'],
      additionalProperties: false,
      ...($defs !== undefined && { $defs }),
      ...(definitions !== undefined && { definitions }),
    },
  };
};

const isObjectSchema = (schema: object): boolean =>
  'type' in schema && schema.type === 'object' && !('anyOf' in schema) && !('$ref' in schema);
