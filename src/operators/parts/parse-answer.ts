/** The JSON in an answer, or why there is none. */
export type ParsedAnswer = { readonly value: unknown } | { readonly problem: string };

/**
 * Reads the JSON of an answer. With `search`, it is looked for within a code fence and between words too.
 */
export const parseAnswer = (text: string, { search }: { readonly search: boolean }): ParsedAnswer => {
  const whole = parse(text);
  if ('value' in whole || !search) return whole;
  return (
    candidates(text)
      .map(parse)
      .find((parsed) => 'value' in parsed) ?? whole
  );
};

const parse = (text: string): ParsedAnswer => {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `is not JSON: ${(error as Error).message}` };
  }
};

const candidates = (text: string): readonly string[] => {
  const begin = text.indexOf('\n', text.indexOf('```')) + 1;
  const end = text.indexOf('```', begin);
  const fenced = text.includes('```') && begin > 0 && end > 0 ? [text.slice(begin, end)] : [];
  // A quote within an object is a piece of it.
  const pairs = /^[^{[]*"/.test(text) ? ['""', '{}', '[]'] : ['{}', '[]'];
  const enclosed = pairs
    .map(([open = '', close = '']) => ({ from: text.indexOf(open), to: text.lastIndexOf(close) + 1 }))
    .filter(({ from, to }) => from >= 0 && to > from)
    .sort((one, other) => one.from - other.from)
    .map(({ from, to }) => text.slice(from, to));
  return [...fenced, ...enclosed];
};
