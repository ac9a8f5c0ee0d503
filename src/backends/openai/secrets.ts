/** Shorter texts are words rather than keys, and stand everywhere. */
const shortest = 4;

/** What must not be seen in errors. */
export class Secrets {
  readonly #texts = new Set<string>();

  constructor(secrets: readonly unknown[]) {
    for (const secret of secrets) this.add(secret);
  }

  /** Takes a text for a secret, and of a header such as `Bearer …` its last word too. */
  add(secret: unknown): void {
    if (typeof secret !== 'string') return;
    for (const text of [secret, secret.split(/\s+/).at(-1) ?? '']) if (text.length >= shortest) this.#texts.add(text);
  }

  /** The same key, or a function whose results are secrets from now on. */
  keep(key: string | (() => Promise<string>)): string | (() => Promise<string>) {
    this.add(key);
    if (typeof key === 'string') return key;
    return async () => {
      const secret = await key();
      this.add(secret);
      return secret;
    };
  }

  /** Puts stars in the place of secrets, and of what looks like one. */
  hide(text: string): string {
    const longestFirst = [...this.#texts].sort((one, other) => other.length - one.length);
    const hidden = longestFirst.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
    return hidden.replaceAll(/\b(Bearer\s+|sk-)(?=\S*\d)[\w.~+/=*-]{8,}/gi, '$1***');
  }
}
