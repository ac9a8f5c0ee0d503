/** A number without its sign, by its digits. */
export type Decimal = {
  /** Without leading zeros, but at least one digit. */
  readonly whole: string;
  /** Without zeros at its end. */
  readonly fraction: string;
};

/** The digits of a number's magnitude, exactly as the shortest text that stands for it. */
export const toDecimal = (value: number): Decimal => {
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toString().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const shift = Number(exponent);
  const digits = shift < 0 ? whole.padStart(whole.length - shift, '0') + fraction : whole + fraction.padEnd(shift, '0');
  const point = shift < 0 ? digits.length - fraction.length + shift : whole.length + shift;
  return {
    whole: digits.slice(0, Math.max(point, 0)).replace(/^0+(?=.)/, '') || '0',
    fraction: digits.slice(Math.max(point, 0)).replace(/0+$/, ''),
  };
};
