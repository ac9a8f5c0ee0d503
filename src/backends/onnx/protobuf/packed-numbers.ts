/** The whole numbers that stand in one field, one after the other. */
export const packedNumbers = (bytes: Uint8Array): readonly number[] => {
  const values: number[] = [];
  let [value, scale] = [0, 1];
  for (const byte of bytes) {
    value += (byte & 127) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    values.push(value);
    [value, scale] = [0, 1];
  }
  return values;
};
