const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A number of bytes as people read it: `859 MB`, `1.4 GB`. */
export const showBytes = (bytes: number): string => {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const number = bytes / 1000 ** step;
  return `${step > 0 && number < 10 ? number.toFixed(1) : Math.round(number)} ${units[step]}`;
};
