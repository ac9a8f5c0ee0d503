import type { Dtype } from '../dtype.ts';

/** The forms of a model of the hub in the order in which they are looked for where nothing says which: the small ones first. */
export const hubDtypes: readonly Dtype[] = ['q4', 'q8', 'int8', 'uint8', 'bnb4', 'q4f16', 'fp16', 'fp32'];
