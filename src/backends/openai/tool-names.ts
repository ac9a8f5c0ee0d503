const allowed = /^[a-zA-Z0-9_-]{1,64}$/;
const longest = 64;

/**
 * Tool names as they go out: OpenAI allows at most 64 letters, digits, `_` and `-`. A name that breaks this becomes one that
 * is alike and that no other has; the model's calls get theirs back.
 */
export class ToolNames {
  readonly #out = new Map<string, string>();
  readonly #back = new Map<string, string>();

  /** @param names All names of one request: those of its tools, and those of calls made before. */
  constructor(names: readonly string[]) {
    for (const name of names) if (allowed.test(name)) this.#add(name, name);
    for (const name of names) if (!this.#out.has(name)) this.#add(name, this.#free(name));
  }

  readonly encode = (name: string): string => this.#out.get(name) ?? name;

  /** What a model calls a name that nobody gave it stays as it is. */
  readonly decode = (name: string): string => this.#back.get(name) ?? name;

  #add(name: string, encoded: string): void {
    this.#out.set(name, encoded);
    this.#back.set(encoded, name);
  }

  #free(name: string): string {
    const alike = name.replaceAll(/[^a-zA-Z0-9_-]/g, '_') || '_';
    let encoded = alike.slice(0, longest);
    for (let count = 2; this.#back.has(encoded); count++) {
      encoded = `${alike.slice(0, longest - `_${count}`.length)}_${count}`;
    }
    return encoded;
  }
}
