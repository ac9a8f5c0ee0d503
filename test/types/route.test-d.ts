import { type Backend, type InferenceEvent, infer, inferText, route, step, type Workflow } from 'millrace';
import { map, mergeMap, type Observable, type OperatorFunction, of, throwError } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';

declare const small: Backend;
declare const ticket$: Observable<{ readonly body: string }>;
declare const label: OperatorFunction<string, 'a' | 'b'>;
declare const anything: OperatorFunction<string, string>;
declare const shout: OperatorFunction<string, string>;

describe('route', () => {
  it('gives the union of what the branches give, with no annotation', () => {
    const routed = ticket$.pipe(
      route(
        map((ticket) => (ticket.body === '' ? 'short' : 'long')),
        { short: map((ticket) => ticket.body.length), long: infer(small, (ticket) => ticket.body) },
      ),
      map((result) => result),
    );
    expectTypeOf(routed).toEqualTypeOf<Observable<number | InferenceEvent>>();
  });

  it('reads its input from workflows that are made elsewhere', () => {
    expectTypeOf(route(label, { a: shout, b: map((word) => word.length) })).toEqualTypeOf<
      OperatorFunction<string, string | number>
    >();
    expectTypeOf(of('x').pipe(route(label, { a: inferText(small), b: mergeMap(() => of(1)) }))).toEqualTypeOf<
      Observable<string | number>
    >();
    const nested = step('outer', route(step('which', label), { a: route(label, { a: shout, b: shout }), b: shout }));
    expectTypeOf(nested).toEqualTypeOf<Workflow<string, string>>();
  });

  it('takes any label where `otherwise` is there, and adds what that gives', () => {
    const routed = ticket$.pipe(
      route(
        map((ticket) => ticket.body),
        { a: map((ticket) => ticket.body.length) },
        { normalise: true, otherwise: map((ticket) => ({ lost: ticket.body })) },
      ),
    );
    expectTypeOf(routed).toEqualTypeOf<Observable<number | { lost: string }>>();
    const failing = mergeMap(() => throwError(() => 'lost'));
    expectTypeOf(of('x').pipe(route(label, { a: shout }, { otherwise: failing }))).toEqualTypeOf<Observable<string>>();
  });

  it('does not compile where a label has no branch', () => {
    // @ts-expect-error `b` has no branch
    route(label, { a: shout });
    const length = map((word: string) => (word === '' ? 'short' : 'long'));
    // @ts-expect-error `long` has no branch
    of('x').pipe(route(length, { short: shout }));
  });

  it('does not compile where the label can be any string', () => {
    // @ts-expect-error a string can be more than `a` and `b`
    route(anything, { a: shout, b: shout });
    // @ts-expect-error normalised or not
    of('x').pipe(route(inferText(small), { a: shout, b: shout }, { normalise: true }));
  });

  it('does not compile where a branch takes another input', () => {
    const first = map((_: { readonly body: string }) => 'a' as const);
    // @ts-expect-error a ticket is no string
    ticket$.pipe(route(first, { a: shout }));
    // @ts-expect-error a ticket has no title
    ticket$.pipe(route(first, { a: map((ticket) => ticket.title) }));
  });

  it('does not compile with an option that nobody reads', () => {
    // @ts-expect-error the option is spelt `normalise`
    route(label, { a: shout, b: shout }, { normalize: true });
  });
});
