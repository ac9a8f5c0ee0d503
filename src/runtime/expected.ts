/** A message of misuse: "Expected `topP` to be …, received …". */
export const expected = (subject: string, wanted: string, received: unknown): string =>
  `Expected ${subject} to be ${wanted}, received ${describe(received)}`;

const describe = (value: unknown): string => {
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? JSON.stringify(value) : String(value);
  if ('then' in value) return 'a promise';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an object without keys' : `an object with the keys ${keys.join(', ')}`;
};
