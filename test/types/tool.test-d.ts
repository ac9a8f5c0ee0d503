import { type Tool, type ToolContext, tool } from 'millrace';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

const parameters = {
  type: 'object',
  properties: { query: { type: 'string' }, limit: { type: 'integer' } },
  required: ['query'],
} as const;

describe('tool', () => {
  it('types the arguments of `execute` from a JSON Schema', () => {
    const search = tool({
      name: 'search',
      parameters: {
        type: 'object',
        properties: { query: { type: 'string' }, order: { enum: ['price', 'name'] } },
        required: ['query'],
        additionalProperties: false,
      },
      execute: (args, context) => {
        expectTypeOf(args.query).toEqualTypeOf<string>();
        expectTypeOf(args.order).toEqualTypeOf<'price' | 'name' | undefined>();
        expectTypeOf(context).toEqualTypeOf<ToolContext>();
        return args.query;
      },
    });
    expectTypeOf(search).toExtend<Tool>();
    tool({
      name: 'search',
      parameters,
      execute: ({ limit }) => expectTypeOf(limit).toEqualTypeOf<number | undefined>(),
    });
  });

  it('types the arguments of `execute` from what a schema of a library makes of them', () => {
    tool({
      name: 'load',
      parameters: z.object({ id: z.string().transform(Number) }),
      execute: ({ id }) => expectTypeOf(id).toEqualTypeOf<number>(),
    });
  });

  it('lets the schema alone decide', () => {
    // @ts-expect-error the query is a string
    tool({ name: 'search', parameters, execute: ({ query }: { query: number }) => query });
    // @ts-expect-error there is no such argument
    tool({ name: 'search', parameters, execute: ({ text }) => text });
  });

  it('does not compile without a name, parameters or something to execute', () => {
    // @ts-expect-error no name
    tool({ parameters, execute: () => 1 });
    // @ts-expect-error no parameters
    tool({ name: 'search', execute: () => 1 });
    // @ts-expect-error nothing to execute
    tool({ name: 'search', parameters });
  });
});
