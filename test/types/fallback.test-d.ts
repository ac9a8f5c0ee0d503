import { type Backend, fallback, type InferenceEvent, infer, inferJson, inferText, text, withFallback } from 'millrace';
import { map, type Observable } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';

declare const small: Backend;
declare const large: Backend;
declare const article$: Observable<{ readonly body: string }>;
declare const word$: Observable<string>;

describe('fallback', () => {
  it('gives what either workflow gives, with no annotation', () => {
    const answers = article$.pipe(
      fallback(
        inferText(small, (article) => article.body),
        map((article) => article.body.length),
      ),
    );
    expectTypeOf(answers).toEqualTypeOf<Observable<string | number>>();
    expectTypeOf(word$.pipe(fallback(infer(small), infer(large)), text())).toEqualTypeOf<Observable<string>>();
    const schema = { type: 'integer' } as const;
    const numbers = word$.pipe(fallback(inferJson(small, schema), inferJson(large, schema), { when: () => true }));
    expectTypeOf(numbers).toEqualTypeOf<Observable<number>>();
  });

  it('retracts the events of models only', () => {
    const [ask, askLarge] = [inferText<string>(small), inferText<string>(large)];
    word$.pipe(fallback(infer(small), infer(large), { onPartial: 'retract' }));
    word$.pipe(fallback(ask, askLarge, { onPartial: 'hold', tokens: 3 }));
    // @ts-expect-error what was shown of a string cannot be taken back
    word$.pipe(fallback(ask, askLarge, { onPartial: 'retract' }));
    // @ts-expect-error a workflow cannot be told how its answer begins
    word$.pipe(fallback(infer(small), infer(large), { onPartial: 'continue' }));
  });

  it('does not compile where the second workflow takes something else', () => {
    const bodies = map((article: { body: string }) => article.body);
    // @ts-expect-error a word has no body
    word$.pipe(fallback(inferText(small), bodies));
  });
});

describe('withFallback', () => {
  it('is a backend', () => {
    expectTypeOf(withFallback(small, withFallback(small, large), { onPartial: 'continue' })).toEqualTypeOf<Backend>();
    expectTypeOf(word$.pipe(infer(withFallback(small, large)))).toEqualTypeOf<Observable<InferenceEvent>>();
  });

  it('does not compile with an option that nobody reads', () => {
    // @ts-expect-error the option is spelt `onPartial`
    withFallback(small, large, { onPartials: 'hold' });
  });
});
