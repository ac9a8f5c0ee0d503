/** A result as a reader takes it in: texts as they are, an object with a line for each of its keys, else JSON. */
export const formatValue = (value: unknown): string => {
  if (typeof value === 'string') return value.trim();
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return JSON.stringify(value) ?? String(value);
  return Object.entries(value)
    .map(([key, each]) => `${key}: ${formatValue(each)}`)
    .join('\n');
};
