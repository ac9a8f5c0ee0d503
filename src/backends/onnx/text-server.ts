import type { InferenceRequest } from '../../runtime/inference-request.ts';
import type { Follower } from './constraint/follower.ts';
import { SharedReply } from './constraint/shared-reply.ts';
import type { TranslationThread } from './constraint/translation-thread.ts';
import { grammarSource } from './grammar-source.ts';
import { plainError } from './plain-error.ts';
import type { TextOrder, TextReport } from './text-protocol.ts';
import { type Held, planTurn, type TurnModel } from './turn.ts';

/** Makes grammars. */
export type Translator = Pick<TranslationThread, 'translate'>;

/** An answer that is held to a grammar. */
type Followed = { readonly reply: SharedReply; readonly follower: Follower };

/**
 * Plans turns and follows answers through their grammars, as it is told. Tokens that were chosen come first: plans, and
 * grammars that have to be read, are taken one at a time in between. Grammars are made elsewhere.
 */
export class TextServer {
  readonly #model: TurnModel;
  readonly #vocabulary: number;
  readonly #translator: Translator;
  readonly #tell: (report: TextReport) => void;
  /** What leaves the grammars that requests wait for. */
  readonly #translations = new Map<number, () => void>();
  /** What is still to be done for a request, in the order in which they came. */
  readonly #jobs = new Map<number, () => void>();
  readonly #followed = new Map<number, Followed>();
  #scheduled = false;

  /** @param vocabulary How many scores the model gives. */
  constructor(model: TurnModel, vocabulary: number, translator: Translator, tell: (report: TextReport) => void) {
    this.#model = model;
    this.#vocabulary = vocabulary;
    this.#translator = translator;
    this.#tell = tell;
  }

  /** How many requests it knows of. */
  get size(): number {
    return this.#translations.size + this.#jobs.size + this.#followed.size;
  }

  take(order: Exclude<TextOrder, { type: 'model' }>): void {
    if (order.type === 'plan') this.#prepare(order.id, order.request);
    else if (order.type === 'accept') this.#accept(order.id, order.token);
    else this.#leave(order.id);
  }

  /** Gets the grammar that a plan needs; the plans of others are made meanwhile. */
  #prepare(id: number, request: InferenceRequest): void {
    try {
      const source = grammarSource(request, this.#model.tokenizer);
      const plan = (held?: Held) => this.#later(id, () => this.#plan(id, request, held));
      if (source === undefined) {
        plan();
        return;
      }
      const leave = this.#translator.translate(source, (grammar) => {
        this.#translations.delete(id);
        if (grammar instanceof Error) this.#later(id, () => this.#fail(id, grammar));
        else plan({ ...source, grammar });
      });
      if (leave) this.#translations.set(id, leave);
    } catch (error) {
      this.#later(id, () => this.#fail(id, error));
    }
  }

  #plan(id: number, request: InferenceRequest, held?: Held): void {
    try {
      const { plan, follow } = planTurn(request, this.#model, held);
      const reply = follow && SharedReply.create(this.#vocabulary);
      this.#tell({ type: 'planned', id, plan, ...(reply && { constraint: reply.memory }) });
      if (follow && reply) this.#later(id, () => this.#begin(id, follow, reply));
    } catch (error) {
      this.#fail(id, error);
    }
  }

  #fail(id: number, error: unknown): void {
    this.#tell({ type: 'failed', id, error: plainError(error) });
  }

  /** The first tokens and the first mask; the model computes the prompt meanwhile. */
  #begin(id: number, follow: () => Follower, reply: SharedReply): void {
    answer(reply, () => {
      const follower = follow();
      this.#followed.set(id, { reply, follower });
      return follower;
    });
  }

  #accept(id: number, token: number): void {
    const followed = this.#followed.get(id);
    if (!followed) return;
    answer(followed.reply, () => {
      followed.follower.accept(token);
      return followed.follower;
    });
  }

  #leave(id: number): void {
    this.#translations.get(id)?.();
    this.#translations.delete(id);
    this.#jobs.delete(id);
    this.#followed.delete(id);
  }

  #later(id: number, job: () => void): void {
    this.#jobs.set(id, job);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#jobs.size === 0) return;
    this.#scheduled = true;
    setImmediate(() => this.#work());
  }

  #work(): void {
    this.#scheduled = false;
    const [first] = this.#jobs;
    if (!first) return;
    const [id, job] = first;
    this.#jobs.delete(id);
    job();
    this.#schedule();
  }
}

/** A failure is an answer too, and costs this request only. */
const answer = (reply: SharedReply, follow: () => Follower): void => {
  try {
    const follower = follow();
    const forced = follower.force(SharedReply.mostForced);
    follower.writeMask(reply.mask);
    reply.give(forced, follower.finished);
  } catch (error) {
    reply.fail(plainError(error).message);
  }
};
