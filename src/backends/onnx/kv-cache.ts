/**
 * What a model has computed of one sequence: for each layer, keys and values of every token so far. What the entries are
 * is the model runner's business. Entries never change once they are written, so a fork shares them.
 */
export class KvCache {
  /** How many tokens are computed. */
  length = 0;
  /** One per cache input of the model, in their order; empty before the first token. */
  entries: readonly unknown[] = [];

  /** A copy that goes its own way. */
  fork(): KvCache {
    const copy = new KvCache();
    copy.extend(this.entries, this.length);
    return copy;
  }

  /** Takes the entries that cover `length` tokens. */
  extend(entries: readonly unknown[], length: number): void {
    this.entries = entries;
    this.length = length;
  }

  /** Lets go of everything. */
  clear(): void {
    this.extend([], 0);
  }
}
