import { type Backend, inferText, step, type Workflow } from 'millrace';
import { map, type Observable, type OperatorFunction, pipe } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';

declare const small: Backend;
declare const article$: Observable<{ readonly body: string }>;
declare const shout: OperatorFunction<string, string>;

describe('step', () => {
  it('has the type of what it names, with no annotation', () => {
    const named = article$.pipe(
      step(
        'summarise',
        inferText(small, (article) => article.body),
      ),
      step('measure', pipe(map((summary) => summary.length))),
    );
    expectTypeOf(named).toEqualTypeOf<Observable<number>>();
    expectTypeOf(step('shout', shout)).toEqualTypeOf<Workflow<string, string>>();
  });

  it('does not compile where the workflow takes another input', () => {
    // @ts-expect-error an article is no string
    article$.pipe(step('shout', shout));
    const length = step(
      'length',
      map((word: string) => word.length),
    );
    // @ts-expect-error nor here
    article$.pipe(length);
  });
});
