import { inferJson, inferText, type JsonSchema, route } from 'millrace';
import { scripted } from 'millrace/testing';
import { map, type Observable, type OperatorFunction, of } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

const model = scripted('1');

describe('inferJson', () => {
  it('types its values from a schema that is written in place', () => {
    const people = of('text').pipe(
      inferJson(model, {
        type: 'array',
        items: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
      }),
    );
    expectTypeOf(people).toEqualTypeOf<Observable<{ name: string }[]>>();
  });

  it('types its values from a schema that stands `as const`, and from one of zod', () => {
    const schema = { enum: ['red', 'green'] } as const;
    expectTypeOf(of('text').pipe(inferJson(model, schema))).toEqualTypeOf<Observable<'red' | 'green'>>();
    const dated = z.object({ on: z.string().transform((text) => new Date(text)) });
    expectTypeOf(of('text').pipe(inferJson(model, dated))).toEqualTypeOf<Observable<{ on: Date }>>();
  });

  it('knows nothing of the values of a schema whose type says nothing', () => {
    const schema: JsonSchema = { type: 'string' };
    expectTypeOf(of('text').pipe(inferJson(model, schema))).toEqualTypeOf<Observable<unknown>>();
  });

  it('types the input of `toPrompt`', () => {
    const ages = of({ name: 'Ada' }).pipe(
      inferJson(
        model,
        { type: 'integer' },
        (person) => {
          expectTypeOf(person).toEqualTypeOf<{ name: string }>();
          return `How old is ${person.name}?`;
        },
        { repairs: 2, enforce: 'required', temperature: 0 },
      ),
    );
    expectTypeOf(ages).toEqualTypeOf<Observable<number>>();
    const ask = inferJson(model, { type: 'integer' }, (n: number) => `Count to ${n}`);
    expectTypeOf(ask).toEqualTypeOf<OperatorFunction<number, number>>();
  });

  it('chooses for route, whose branches have to cover its choices', () => {
    const schema = { type: 'string', enum: ['simple', 'complex'] } as const;
    const sort = inferJson(model, schema, (question: string) => `Is this hard?\n${question}`);
    const length = map((question: string) => question.length);
    expectTypeOf(of('Why?').pipe(route(sort, { simple: length, complex: inferText(model) }))).toEqualTypeOf<
      Observable<number | string>
    >();
    of('Why?').pipe(
      route(
        inferJson(model, { type: 'string', enum: ['simple', 'complex'] }, (question) => question),
        { simple: length, complex: length },
      ),
    );
    // @ts-expect-error There is no branch for `complex`.
    of('Why?').pipe(route(sort, { simple: length }));
  });

  it('refuses what makes no sense', () => {
    // @ts-expect-error A number is no prompt.
    of(1).pipe(inferJson(model, { type: 'integer' }));
    // @ts-expect-error The schema is an argument of its own.
    inferJson(model, { type: 'integer' }, { schema: {} });
    // @ts-expect-error A model that answers in JSON calls no tools.
    inferJson(model, { type: 'integer' }, { tools: [] });
    // @ts-expect-error A schema is no text.
    inferJson(model, 'integer');
  });
});
