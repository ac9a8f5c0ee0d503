import { isJson } from './is-json.ts';

const opening = /^\s*(?:```\w*\s*)?\{\s*"answer"\s*:\s*(?=\S)/;
/** No opening is longer, white space apart. */
const longest = 40;
/** What the closing is made of. */
const closing = ' \t\r\n}`';

/** Takes an answer out of the object `{"answer": …}` around it, while it is being written. Another text stays as it is. */
export class Unwrapper {
  #state: 'opening' | 'within' | 'bare' = 'opening';
  /** What may belong to the opening, or to the closing as long as nothing follows. */
  #held = '';
  /** What was shown of the answer within. */
  #shown = '';

  /** What can be shown by now. */
  push(text: string): string {
    if (this.#state === 'bare') return text;
    if (this.#state === 'within') return this.#show(text);
    this.#held += text;
    const match = opening.exec(this.#held);
    if (match) {
      this.#state = 'within';
      const begun = this.#held.slice(match[0].length);
      this.#held = '';
      return this.#show(begun);
    }
    const begun = this.#held.replaceAll(/\s+/g, '');
    if (!/^[^{`]/.test(begun) && begun.length <= longest) return '';
    this.#state = 'bare';
    return this.end(true);
  }

  /** What was held back. The end of an answer that was cut off is a closing only where the answer is whole without it. */
  end(cut: boolean): string {
    const rest = this.#held;
    this.#held = '';
    if (this.#state !== 'within') return rest;
    const inner = rest.trimEnd().replace(/```$/, '').trimEnd().replace(/\}$/, '').trimEnd();
    return cut && !isJson(this.#shown + inner) ? rest : inner;
  }

  #show(text: string): string {
    let end = text.length;
    while (end > 0 && closing.includes(text[end - 1] as string)) end--;
    const shown = end === 0 ? '' : this.#held + text.slice(0, end);
    this.#held = end === 0 ? this.#held + text : text.slice(end);
    this.#shown += shown;
    return shown;
  }
}
