const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A number of bytes for people: `1.93 GB`. */
export const byteText = (bytes: number): string => {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(bytes) / 3)));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
};
