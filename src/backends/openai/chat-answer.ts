import { asyncScheduler } from 'rxjs';
import type { FinishEvent, InferenceEvent, Served, Usage } from '../../runtime/inference-event.ts';
import type { InferenceRequest } from '../../runtime/inference-request.ts';
import type { ToolCall } from '../../runtime/tool-call.ts';
import { CallGatherer } from './call-gatherer.ts';
import { callsIn } from './calls-in.ts';
import type { ChatChunk, ChatDelta } from './chat-chunk.ts';
import { ChatFailure } from './chat-failure.ts';
import { finishReason } from './finish-reason.ts';
import { streamFailure } from './stream-failure.ts';
import { textOf } from './text-of.ts';
import type { ToolNames } from './tool-names.ts';
import { Unwrapper } from './unwrapper.ts';
import { usageOf } from './usage-of.ts';

type Asked = {
  readonly request: InferenceRequest;
  readonly served: Served;
  readonly names: ToolNames;
  /** Whether the answer stands within an object. */
  readonly wrapped: boolean;
  /** Whether the server holds the model to the schema. */
  readonly enforced: boolean;
};

type Bare<Event> = Event extends InferenceEvent ? Omit<Event, 'request' | 'attempt'> : never;

/** One answer on its way from a server's chunks to events. */
export class ChatAnswer {
  readonly #asked: Asked;
  readonly #start = asyncScheduler.now();
  readonly #calls = new CallGatherer();
  readonly #unwrapper: Unwrapper | undefined;
  #firstToken: number | undefined;
  #content = '';
  #refusal = '';
  #model: string;
  #pieces = 0;
  #usage: Usage | undefined;
  /** The server's word for why the answer ended. */
  #end = '';

  constructor(asked: Asked) {
    this.#asked = asked;
    this.#model = asked.served.model;
    this.#unwrapper = asked.wrapped ? new Unwrapper() : undefined;
  }

  /** Whether the answer is whole: all that can still come is its usage. */
  get whole(): boolean {
    return this.#end !== '';
  }

  /** What is known to be spent: as the server counts, else the pieces so far, each of which is about a token. */
  get spent(): Partial<Usage> | undefined {
    return this.#usage ?? (this.#pieces > 0 ? { output: this.#pieces } : undefined);
  }

  /** @throws ChatFailure where the chunk tells of one. */
  take({ model, usage, choices, error }: ChatChunk): readonly InferenceEvent[] {
    if (error) throw streamFailure(error);
    if (model) this.#model = model;
    if (usage) this.#usage = usageOf(usage);
    const choice = choices?.find(({ index }) => !index);
    if (choice?.error) throw streamFailure(choice.error);
    if (choice?.finish_reason) this.#end = choice.finish_reason;
    return this.#show(choice?.delta ?? choice?.message ?? {});
  }

  /** @throws ChatFailure where the answer is not whole, or was refused. */
  end(): readonly InferenceEvent[] {
    if (this.#refusal !== '') {
      throw new ChatFailure('Expected an answer, received a refusal', { retryable: false, said: this.#refusal });
    }
    if (!this.whole) {
      const received = `one that broke off after ${this.#pieces} pieces`;
      throw new ChatFailure(`Expected the whole answer, received ${received}`, { retryable: true });
    }
    const reason = finishReason(this.#end, this.#calls.size > 0);
    const cut = reason === 'length';
    const last = this.#say(this.#unwrapper?.end(cut) ?? '');
    const calls = this.#wholeCalls(cut);
    const told = calls.map((call) => ({ type: 'tool-call', call }) as const);
    return [...last, ...told, this.#finish(reason, calls)].map(this.#addressed);
  }

  #show(delta: ChatDelta): readonly InferenceEvent[] {
    const { reasoning, content, refusal } = textOf(delta);
    this.#refusal += refusal;
    const pieces = [...(delta.tool_calls ?? []), delta.function_call && { index: 0, function: delta.function_call }];
    const calls = pieces.flatMap((piece) => (piece && this.#calls.take(piece)) || []);
    const events: Bare<InferenceEvent>[] = [
      ...(reasoning === '' ? [] : [{ type: 'reasoning', text: reasoning } as const]),
      ...this.#say(this.#unwrapper?.push(content) ?? content),
      ...calls.map(({ index, name, text }) => ({
        type: 'tool-call-delta' as const,
        index,
        ...(name !== undefined && { tool: this.#asked.names.decode(name) }),
        arguments: text,
      })),
    ];
    if (events.length > 0) this.#firstToken ??= asyncScheduler.now() - this.#start;
    if (reasoning !== '' || content !== '' || calls.length > 0) this.#pieces++;
    return events.map(this.#addressed);
  }

  #say(text: string): readonly Bare<InferenceEvent>[] {
    this.#content += text;
    return text === '' ? [] : [{ type: 'token', text }];
  }

  /** Gives an id of its own to each call that has none, or one that stands in the conversation already. */
  #wholeCalls(cut: boolean): readonly ToolCall[] {
    const { request, names } = this.#asked;
    const taken = new Set(callsIn(request.messages).map(({ id }) => id)).add('');
    return this.#calls.end(cut).map(({ id: given, name, arguments: args }, index) => {
      let id = given;
      for (let count = index; taken.has(id); count++) id = `${request.id}-call-${count}`;
      taken.add(id);
      return { id, name: names.decode(name), arguments: args };
    });
  }

  #finish(reason: FinishEvent['reason'], calls: readonly ToolCall[]): Bare<FinishEvent> {
    const { request, served, enforced } = this.#asked;
    const total = asyncScheduler.now() - this.#start;
    return {
      type: 'finish',
      reason,
      messages: [
        ...request.messages,
        { role: 'assistant', content: this.#content, ...(calls.length > 0 && { toolCalls: calls }) },
      ],
      usage: this.#usage ?? { input: 0, cached: 0, output: this.#pieces },
      timing: { queue: 0, load: 0, firstToken: this.#firstToken ?? total, total },
      served: { ...served, model: this.#model },
      constraint: enforced ? 'enforced' : 'none',
    };
  }

  readonly #addressed = (event: Bare<InferenceEvent>): InferenceEvent => ({
    ...event,
    request: this.#asked.request.id,
    attempt: 1,
  });
}
