import type { FinishEvent, InferenceEvent } from 'millrace';
import type { Work } from './ledger.ts';

/** Looks at everything that a reader gets, and gathers answers as a reader does. */
export class Eye {
  seen = 0;
  /** Whether the reader has left. */
  closed = false;
  readonly #work: Work;
  readonly #open = new Map<string, string>();
  readonly #finished = new Set<string>();

  constructor(work: Work) {
    this.#work = work;
  }

  readonly see = (value: unknown): void => {
    this.seen++;
    if (this.closed) this.#work.complain(`shows ${JSON.stringify(value)} to who has left`);
    this.#look(value);
  };

  /** The stream has completed: nothing may be left half shown. */
  complete(): void {
    for (const [request, text] of this.#open) this.#work.complain(`leaves ${text} of ${request} without a finish`);
  }

  #look(value: unknown): void {
    if (value === null) return;
    if (typeof value === 'string') this.#lookAtText(value);
    else if (isEvent(value)) this.#lookAtEvent(value);
    else if (isRecord(value)) this.#lookAtText(JSON.stringify(value));
    else if ('branch' in (value as object)) this.#look((value as { readonly value: unknown }).value);
    else for (const part of Object.values(value as object)) this.#look(part);
  }

  #lookAtText(text: string): void {
    if (!this.#work.answers.has(text))
      this.#work.complain(`shows ${JSON.stringify(text)}, which no model has answered`);
  }

  #lookAtEvent(event: InferenceEvent): void {
    const { type, request } = event;
    if (this.#finished.has(request)) this.#work.complain(`shows ${type} behind the finish of ${request}`);
    if (type === 'retract' || type === 'tool-result') this.#open.delete(request);
    else if (type === 'finish') this.#lookAtFinish(event);
    else this.#open.set(request, (this.#open.get(request) ?? '') + (type === 'token' ? event.text : ''));
  }

  #lookAtFinish(finish: FinishEvent): void {
    const { request, messages } = finish;
    const shown = this.#open.get(request) ?? '';
    const answer = messages.at(-1)?.content;
    const speaker = this.#work.ledger.speaker(finish);
    const said = speaker && speaker.prefix + speaker.script.words.join('');
    if (shown !== answer) this.#work.complain(`shows ${shown}, and finishes with ${answer}`);
    if (said !== answer) this.#work.complain(`finishes with ${answer} where ${said} was said`);
    this.#open.delete(request);
    this.#finished.add(request);
  }
}

const isEvent = (value: unknown): value is InferenceEvent =>
  typeof value === 'object' && value !== null && 'type' in value && 'request' in value;

const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'by' in value && 'words' in value;
