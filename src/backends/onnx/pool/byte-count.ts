const units: { readonly [unit: string]: number } = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/**
 * Reads a number of bytes: a number, or a text such as `'2 GB'`, `'1.5gb'` or `'512 MiB'`. kB, MB, GB and TB count in
 * thousands, KiB, MiB, GiB and TiB in 1024s. Gives `undefined` for anything else, and for what is not above 0.
 */
export const byteCount = (size: unknown): number | undefined => {
  const [, digits, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(typeof size === 'string' ? size : '') ?? [];
  const bytes = typeof size === 'number' ? size : Number(digits) * (units[unit.toLowerCase()] ?? Number.NaN);
  return bytes >= 1 ? Math.floor(bytes) : undefined;
};
