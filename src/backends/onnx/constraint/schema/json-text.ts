/**
 * A value the way a model writes it: on one line, with one space behind each comma and colon, characters escaped only
 * where JSON asks for it.
 */
export const jsonText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(jsonText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inside]) => `${JSON.stringify(key)}: ${jsonText(inside)}`);
  return `{${entries.join(', ')}}`;
};
