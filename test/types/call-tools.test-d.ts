import { type Backend, callTools, type InferenceEvent, type Message, text, tool } from 'millrace';
import { map, type Observable, of } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

declare const small: Backend;
declare const ticket$: Observable<{ readonly body: string }>;

const search = tool({
  name: 'search',
  parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
  execute: ({ query }) => query,
});
const load = tool({ name: 'load', parameters: z.object({ id: z.number() }), execute: async ({ id }) => id });

describe('callTools', () => {
  it('gives the events of a model, with no annotation', () => {
    expectTypeOf(of('x').pipe(callTools(small, [search, load]))).toEqualTypeOf<Observable<InferenceEvent>>();
    const answers = ticket$.pipe(
      callTools(small, [search], (ticket) => ticket.body, { maxRounds: 3, onToolError: 'throw', temperature: 0 }),
      text(),
      map((answer) => answer.length),
    );
    expectTypeOf(answers).toEqualTypeOf<Observable<number>>();
    of([{ role: 'user', content: 'x' }] satisfies Message[]).pipe(
      callTools(small, [search], { toolChoice: 'required' }),
    );
  });

  it('does not compile where an input is no prompt and nothing makes one of it', () => {
    // @ts-expect-error a ticket is no prompt
    ticket$.pipe(callTools(small, [search]));
    // @ts-expect-error a number is no prompt
    ticket$.pipe(callTools(small, [search], (ticket) => ticket.body.length));
  });

  it('does not compile with what is not a tool', () => {
    // @ts-expect-error it cannot be executed
    of('x').pipe(callTools(small, [{ name: 'search', parameters: {} }]));
  });

  it('does not compile with options that are not its own', () => {
    // @ts-expect-error the answer after tools is free text
    of('x').pipe(callTools(small, [search], { schema: {} }));
    // @ts-expect-error the tools come before the options
    of('x').pipe(callTools(small, [search], { tools: [] }));
    // @ts-expect-error an error of a tool is returned or thrown
    of('x').pipe(callTools(small, [search], { onToolError: 'ignore' }));
  });
});
