import type { InferOptions } from '../../runtime/infer-options.ts';

/** Settings of `inferJson`. */
export type InferJsonOptions = Omit<InferOptions, 'schema' | 'tools' | 'toolChoice'> & {
  /** How often the model is asked again after an answer that does not match, with what was found. Defaults to `1`. */
  readonly repairs?: number;
  /**
   * With `'required'`, a backend that cannot hold the model to the whole schema while it writes is refused when the
   * operator is made. Left out, such a backend is asked in words, and validation decides.
   */
  readonly enforce?: 'required';
};
