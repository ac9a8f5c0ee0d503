import type { GraphLayout } from './graph-layout.ts';
import type { Runtime, Tensor } from './session.ts';

/** Makes the small inputs of a model: all but its cache. They are valid until the next are made. */
export class ModelInputs {
  readonly #runtime: Runtime;
  readonly #layout: GraphLayout;
  #integers = new BigInt64Array();

  constructor(runtime: Runtime, layout: GraphLayout) {
    this.#runtime = runtime;
    this.#layout = layout;
  }

  /** `ids` are the tokens of all rows, which have as many each; `past` is what each row has already. */
  of(ids: readonly number[], past: readonly number[], keep: number): { [name: string]: Tensor } {
    const { attentionMask, positionIds, logitsToKeep } = this.#layout;
    const rows = past.length;
    const each = ids.length / rows;
    const length = Math.max(...past) + each;
    const mask = attentionMask ? rows * length : 0;
    this.#reserve(2 * ids.length + mask + 1);
    let used = 0;
    const integers = (shape: readonly number[], count: number): [Tensor, BigInt64Array] => {
      const values = this.#integers.subarray(used, used + count);
      used += count;
      return [new this.#runtime.Tensor('int64', values, shape), values];
    };
    const feeds: { [name: string]: Tensor } = {};
    const [inputIds, tokens] = integers([rows, each], ids.length);
    for (let index = 0; index < ids.length; index++) tokens[index] = BigInt(ids[index] as number);
    feeds.input_ids = inputIds;
    if (attentionMask) {
      const [tensor, ones] = integers([rows, length], mask);
      past.forEach((before, row) => {
        ones.fill(1n, row * length, row * length + before + each);
        ones.fill(0n, row * length + before + each, (row + 1) * length);
      });
      feeds.attention_mask = tensor;
    }
    if (positionIds) {
      const [tensor, positions] = integers([rows, each], ids.length);
      for (let at = 0; at < ids.length; at++)
        positions[at] = BigInt((past[Math.floor(at / each)] as number) + (at % each));
      feeds.position_ids = tensor;
    }
    if (logitsToKeep) {
      const [tensor, values] = integers(logitsToKeep, 1);
      values[0] = BigInt(keep || 1);
      feeds.num_logits_to_keep = tensor;
    }
    return feeds;
  }

  #reserve(count: number): void {
    if (this.#integers.length < count) this.#integers = new BigInt64Array(2 * count);
  }
}
