import { asyncScheduler, concat, defer, from, isObservable, map, type Observable, tap } from 'rxjs';
import type { Backend } from '../runtime/backend.ts';
import { redeliver } from '../runtime/flow/redeliver.ts';
import type { FinishEvent, InferenceEvent, Served } from '../runtime/inference-event.ts';
import type { InferenceRequest } from '../runtime/inference-request.ts';
import type { Message } from '../runtime/message.ts';
import type { ToolCall } from '../runtime/tool-call.ts';

type Bare<Event> = Event extends FinishEvent
  ? Partial<Event> & { readonly type: 'finish' }
  : Event extends InferenceEvent
    ? Omit<Event, 'request' | 'attempt'> & Partial<Pick<Event, 'request' | 'attempt'>>
    : never;

/** One thing that a script says: a token, or an event; what an event leaves out is filled in. */
export type ScriptedEvent = string | Bare<InferenceEvent>;

/**
 * What a scripted backend answers: a text, which it splits at word starts; its tokens and events, one by one; or a
 * stream of these, such as `cold('-a-b-|')`. A `finish` is added where the script has none.
 */
export type ScriptedReply = string | readonly ScriptedEvent[] | Observable<ScriptedEvent>;

/** How far one request was read. */
export type ScriptedReading = {
  /** Tokens that the reader took, or holds. */
  readonly taken: number;
  /** Whether the reader left before the end. */
  readonly unsubscribed: boolean;
};

type ScriptedOptions = {
  readonly id?: string;
  readonly location?: Served['location'];
  readonly continues?: boolean;
};

/** A backend that plays a script, and remembers who asked what. */
export type ScriptedBackend = Backend & {
  /** Every request so far, in the order of subscription. */
  readonly requests: readonly InferenceRequest[];
  /** For each request, how far it was read. */
  readonly readings: readonly ScriptedReading[];
};

/**
 * Makes a backend that answers from a script, at once or in virtual time. It waits for readers that hold.
 *
 * @example
 * ```ts
 * const model = scripted('Hello world');          // two tokens: 'Hello', ' world'
 * const timed = scripted(cold('-a-b-|'));         // in a marble test
 * const twice = scripted((request, index) => (index === 0 ? 'maybe' : 'yes'));
 * ```
 *
 * @param reply The answer to every request, or a function of the request and its index, from 0.
 * @param options `id`, which defaults to `'scripted'`; `location`, by default `'device'`; and `continues`, by default
 *   `false`: whether it takes requests with a `prefix`. The script is then what follows.
 */
export const scripted = (
  reply: ScriptedReply | ((request: InferenceRequest, index: number) => ScriptedReply),
  { id = 'scripted', location = 'device', continues = false }: ScriptedOptions = {},
): ScriptedBackend => {
  const requests: InferenceRequest[] = [];
  const readings: { taken: number; unsubscribed: boolean }[] = [];
  return {
    id,
    location,
    requests,
    readings,
    ...(continues && { continues: () => true }),
    infer: (request) =>
      defer(() => {
        const index = requests.push(request) - 1;
        const reading = { taken: 0, unsubscribed: false };
        readings.push(reading);
        return play(typeof reply === 'function' ? reply(request, index) : reply, request, {
          backend: id,
          model: id,
          location,
        }).pipe(
          redeliver(),
          tap({
            next: ({ type }) => {
              if (type === 'token') reading.taken++;
            },
            unsubscribe: () => {
              reading.unsubscribed = true;
            },
          }),
        );
      }),
  };
};

const play = (reply: ScriptedReply, request: InferenceRequest, served: Served): Observable<InferenceEvent> => {
  const performance = new Performance(request, served);
  const script = typeof reply === 'string' ? (reply.match(/\s*\S+|\s+$/g) ?? []) : reply;
  const events: Observable<ScriptedEvent> = isObservable(script) ? script : from(script);
  const ending = defer(() => (performance.finished ? [] : [performance.say({ type: 'finish' })]));
  return concat(events.pipe(map((event) => performance.say(event))), ending);
};

/** Fills in what a script leaves out. */
class Performance {
  finished = false;
  readonly #request: InferenceRequest;
  readonly #served: Served;
  readonly #start = asyncScheduler.now();
  #firstToken: number | undefined;
  #attempt = 1;
  #content = '';
  #tokens = 0;
  #calls: ToolCall[] = [];

  constructor(request: InferenceRequest, served: Served) {
    this.#request = request;
    this.#served = served;
  }

  say(event: ScriptedEvent): InferenceEvent {
    const said = typeof event === 'string' ? ({ type: 'token', text: event } as const) : event;
    if (said.type === 'token' || said.type === 'reasoning') this.#count(said);
    if (said.type === 'tool-call') this.#calls.push(said.call);
    const envelope = { request: this.#request.id, attempt: this.#attempt };
    if (said.type === 'retract') this.#retract();
    if (said.type !== 'finish') return { ...envelope, ...said };
    this.finished = true;
    return { ...envelope, ...this.#finish(), ...said };
  }

  #count({ type, text }: { type: 'token' | 'reasoning'; text: string }): void {
    this.#firstToken ??= asyncScheduler.now() - this.#start;
    this.#tokens++;
    if (type === 'token') this.#content += text;
  }

  #retract(): void {
    this.#attempt++;
    this.#content = '';
    this.#calls = [];
  }

  #finish(): Omit<FinishEvent, 'request' | 'attempt'> {
    const called = this.#calls.length > 0;
    const answer: Message = { role: 'assistant', content: this.#content, ...(called && { toolCalls: this.#calls }) };
    const total = asyncScheduler.now() - this.#start;
    const words = this.#request.messages.flatMap(({ content }) => content.match(/\S+/g) ?? []);
    return {
      type: 'finish',
      reason: called ? 'tool-calls' : 'stop',
      messages: [...this.#request.messages, answer],
      usage: { input: words.length, cached: 0, output: this.#tokens },
      timing: { queue: 0, load: 0, firstToken: this.#firstToken ?? total, total },
      served: this.#served,
      constraint: 'none',
    };
  }
}
