import { type Backend, type InferenceEvent, infer, inferText, type Message, type Prompt, text } from 'millrace';
import { type Observable, type OperatorFunction, of } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';

declare const small: Backend;
declare const article$: Observable<{ readonly body: string }>;
declare const conversation$: Observable<readonly Message[]>;

describe('infer, inferText and text', () => {
  it('flow through a pipe with no annotation', () => {
    const headline = article$.pipe(
      inferText(small, (article) => article.body),
      infer(small, (summary) => `Write a headline for:\n${summary}`, { temperature: 0 }),
      text(),
    );
    expectTypeOf(headline).toEqualTypeOf<Observable<string>>();
    expectTypeOf(conversation$.pipe(infer(small))).toEqualTypeOf<Observable<InferenceEvent>>();
  });

  it('take any prompt outside of a pipe', () => {
    expectTypeOf(infer(small)).toEqualTypeOf<OperatorFunction<Prompt, InferenceEvent>>();
    expectTypeOf(inferText<string>(small)).toEqualTypeOf<OperatorFunction<string, string>>();
  });

  it('do not compile where an input is no prompt and nothing makes one of it', () => {
    // @ts-expect-error an article is no prompt
    article$.pipe(infer(small));
    // @ts-expect-error nor for inferText
    article$.pipe(inferText(small));
    // @ts-expect-error a number is no prompt
    of(1).pipe(inferText(small, (n) => n));
  });

  it('do not compile with an option that nobody reads', () => {
    // @ts-expect-error the option is spelt `temperature`
    of('x').pipe(infer(small, { temprature: 1 }));
  });
});
