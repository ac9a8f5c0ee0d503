/** What a page makes of server-sent events. */
export class Page {
  ended = false;
  failure: string | undefined;
  readonly #see: (value: unknown) => void;
  readonly #decoder = new TextDecoder();
  #rest = '';

  constructor(see: (value: unknown) => void) {
    this.#see = see;
  }

  readonly take = (bytes: Uint8Array): void => {
    const events = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n\n');
    this.#rest = events.pop() ?? '';
    for (const event of events) {
      const type = /^event: (.*)$/m.exec(event)?.[1];
      const data = JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? 'null');
      if (type === 'end') this.ended = true;
      else if (type === 'error') this.failure = data.code;
      else this.#see(data);
    }
  };
}
