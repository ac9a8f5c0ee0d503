import type { JsonSchema } from '../json-schema.ts';

const mostCharacters = 262_144;
const mostParts = 2_000;
const mostLevels = 100;

/**
 * Copies a JSON Schema, so that what was judged is what is used whatever becomes of the original.
 *
 * At most 256 kB of JSON, 2,000 objects, lists and booleans, and 100 levels: a real schema is far from these, and
 * compiling a larger one takes seconds.
 *
 * @throws TypeError where it is not JSON, RangeError where it is too large or too deep.
 */
export const snapshotSchema = (schema: unknown): JsonSchema => {
  let characters = 0;
  let parts = 0;

  const written = (length: number): void => {
    characters += length;
    if (characters > mostCharacters) throw new RangeError(tooLarge(`more than ${mostCharacters / 1024} kB`));
  };
  const part = (path: string): void => {
    if (++parts > mostParts) throw new RangeError(tooLarge(`more than ${mostParts} parts, the last at ${path}`));
  };

  const copy = (value: unknown, path: string, level: number): unknown => {
    if (typeof value === 'string') written(value.length + 3);
    else if (value === null || (typeof value === 'number' && Number.isFinite(value))) written(5);
    else if (typeof value === 'boolean') part(path);
    else if (typeof value === 'object') return copyParts(value, path, level);
    else throw new TypeError(`Expected a schema to be JSON, received ${String(value)} at ${path || 'its top'}`);
    return value;
  };

  const copyParts = (value: object, path: string, level: number): unknown => {
    part(path);
    if (level === mostLevels) {
      throw new RangeError(
        `Expected a schema of at most ${mostLevels} levels, received a deeper one, or one that holds itself: use \`$ref\``,
      );
    }
    if (Array.isArray(value)) return value.map((item, index) => copy(item, `${path}/${index}`, level + 1));
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(
      entries.map(([key, item]) => {
        written(key.length + 4);
        return [key, copy(item, `${path}/${key}`, level + 1)];
      }),
    );
  };

  return copy(schema, '', 0) as JsonSchema;
};

const tooLarge = (size: string): string => `Expected a schema of moderate size, received one of ${size}: split it`;
