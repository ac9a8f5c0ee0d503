/** How a model's weights are stored, named as transformers.js names them, and how the names of such files end. */
export const dtypeSuffixes = {
  fp32: '',
  fp16: '_fp16',
  q8: '_quantized',
  int8: '_int8',
  uint8: '_uint8',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
} as const;

/** How a model's weights are stored. */
export type Dtype = keyof typeof dtypeSuffixes;

/** Every `Dtype`, in the order in which they are looked for where nothing says which. */
export const dtypes: readonly Dtype[] = Object.keys(dtypeSuffixes) as Dtype[];
