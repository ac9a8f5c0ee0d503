import type { JsonSchema } from 'millrace';

/** A schema that is fine, but for the time that it takes to become a grammar: half a minute and more. */
export const endlessSchema: JsonSchema = {
  type: 'object',
  properties: Object.fromEntries(
    Array.from({ length: 400 }, (_, index) => [
      `u${index}`,
      { type: 'string', format: 'uri', pattern: `^https?://[a-z.]+/(\\p{L}+/)*x{${index}}$`, maxLength: 300 },
    ]),
  ),
};
