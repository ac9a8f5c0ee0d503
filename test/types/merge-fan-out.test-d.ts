import { type Backend, type InferenceEvent, infer, inferText, mergeFanOut, run, type Workflow } from 'millrace';
import { map, mergeMap, type Observable, type OperatorFunction, of } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';

declare const small: Backend;
declare const review$: Observable<{ readonly body: string }>;
declare const shout: OperatorFunction<string, string>;
declare const count: OperatorFunction<string, number>;

describe('mergeFanOut', () => {
  it('joins what the branches give in a record, with no annotation', () => {
    const joined = review$.pipe(
      mergeFanOut({ length: map((review) => review.body.length), tone: inferText(small, (review) => review.body) }),
      map((record) => record),
    );
    expectTypeOf(joined).toEqualTypeOf<Observable<{ length: number; tone: string }>>();
  });

  it('reads its input from workflows that are made elsewhere', () => {
    expectTypeOf(mergeFanOut({ shout, count })).toEqualTypeOf<Workflow<string, { shout: string; count: number }>>();
    expectTypeOf(run(mergeFanOut({ count }), 'x')).toExtend<Observable<{ count: number }>>();
    const nested = of('x').pipe(mergeFanOut({ inner: mergeFanOut({ shout, one: mergeMap(() => of(1)) }), count }));
    expectTypeOf(nested).toEqualTypeOf<Observable<{ inner: { shout: string; one: number }; count: number }>>();
  });

  it('tells the branches apart by name where `emit` is each', () => {
    const live = review$.pipe(
      mergeFanOut(
        { length: map((review) => review.body.length), events: infer(small, (review) => review.body) },
        { emit: 'each' },
      ),
    );
    expectTypeOf(live).toEqualTypeOf<
      Observable<
        | { readonly branch: 'length'; readonly value: number }
        | { readonly branch: 'events'; readonly value: InferenceEvent }
      >
    >();
    live.subscribe((event) => {
      if (event.branch === 'length') expectTypeOf(event.value).toEqualTypeOf<number>();
    });
  });

  it('leaves branches out of the record where `take` is there', () => {
    expectTypeOf(of('x').pipe(mergeFanOut({ shout, count }, { take: 1 }))).toEqualTypeOf<
      Observable<{ shout?: string; count?: number }>
    >();
  });

  it('adds the type of what stands in for a failure, to that branch alone', () => {
    expectTypeOf(of('x').pipe(mergeFanOut({ shout, count }, { onError: { count: null } }))).toEqualTypeOf<
      Observable<{ shout: string; count: number | null }>
    >();
    expectTypeOf(of('x').pipe(mergeFanOut({ count }, { emit: 'each', onError: { count: null } }))).toEqualTypeOf<
      Observable<{ readonly branch: 'count'; readonly value: number | null }>
    >();
  });

  it('does not compile where a branch takes another input', () => {
    // @ts-expect-error a review is no string
    review$.pipe(mergeFanOut({ shout }));
    // @ts-expect-error a review has no title
    review$.pipe(mergeFanOut({ title: map((review) => review.title) }));
    // @ts-expect-error one takes a string, the other a number
    mergeFanOut({ shout, half: map((n: number) => n / 2) });
  });

  it('does not compile with options that make no sense', () => {
    // @ts-expect-error no branch has this name
    of('x').pipe(mergeFanOut({ shout }, { onError: { count: null } }));
    // @ts-expect-error values come each or joined
    of('x').pipe(mergeFanOut({ shout }, { emit: 'all' }));
    // @ts-expect-error it is a number
    of('x').pipe(mergeFanOut({ shout }, { take: '1' }));
  });
});
