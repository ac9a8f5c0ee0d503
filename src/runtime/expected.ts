/** A message of misuse: "Expected `topP` to be …, received …". */
export const expected = (subject: string, wanted: string, received: unknown): string =>
  `Expected ${subject} to be ${wanted}, received ${describe(received)}`;

const describe = (value: unknown): string => {
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? JSON.stringify(value) : String(value);
  return Array.isArray(value)
    ? `an array of ${value.length}`
    : `an object with the keys ${Object.keys(value).join(', ')}`;
};
