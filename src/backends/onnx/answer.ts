import { Detokenizer } from './detokenizer.ts';
import type { OutputParser, ParsedEvent } from './output-parser.ts';
import { Stop } from './stop.ts';
import type { TokenPieces } from './token-pieces.ts';

/** One answer on its way from tokens to events: whole characters, then the parser, then the stop texts. */
export class Answer {
  /** Whether the model has called a tool. */
  calls = false;
  readonly #detokenizer: Detokenizer;
  readonly #parser: OutputParser;
  readonly #stop: Stop;

  /** @param begun Whether it goes on from a text. */
  constructor(pieces: TokenPieces, parser: OutputParser, stop: readonly string[] = [], begun = false) {
    this.#detokenizer = new Detokenizer(pieces, parser.markers, begun);
    this.#parser = parser;
    this.#stop = new Stop(stop);
  }

  /** Whether a stop text has ended the answer. Stop texts end what is said, not what is thought or called. */
  get stopped(): boolean {
    return this.#stop.found;
  }

  push(id: number): readonly ParsedEvent[] {
    const text = this.#detokenizer.push(id);
    return text === '' ? [] : this.#show(this.#parser.push(text));
  }

  /** The model has written its last token: gives what was held back. */
  end(): readonly ParsedEvent[] {
    if (this.stopped) return [];
    return [...this.#show(this.#parser.end()), ...said(this.#stop.end())];
  }

  #show(events: readonly ParsedEvent[]): readonly ParsedEvent[] {
    const shown: ParsedEvent[] = [];
    for (const event of events) {
      if (this.stopped) break;
      if (event.type === 'token') shown.push(...said(this.#stop.push(event.text)));
      else shown.push(...said(this.#stop.end()), event);
      if (event.type === 'tool-call') this.calls = true;
    }
    return shown;
  }
}

const said = (text: string): readonly ParsedEvent[] => (text === '' ? [] : [{ type: 'token', text }]);
