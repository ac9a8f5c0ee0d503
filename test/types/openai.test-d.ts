import { type Backend, inferJson } from 'millrace';
import { type OpenAIBackend, openai } from 'millrace/openai';
import type { AzureOpenAI, OpenAI } from 'openai';
import { type Observable, of } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';

declare const client: OpenAI;
declare const azure: AzureOpenAI;

describe('openai', () => {
  it('is a backend', () => {
    const model = openai({ model: 'm' });
    expectTypeOf(model).toEqualTypeOf<OpenAIBackend>();
    expectTypeOf(model).toExtend<Backend>();
    expectTypeOf(of('x').pipe(inferJson(model, { type: 'integer' }))).toEqualTypeOf<Observable<number>>();
  });

  it('takes the clients of the package', () => {
    openai({ model: 'm', client });
    openai({ model: 'm', client: azure });
    // @ts-expect-error half of one is none
    openai({ model: 'm', client: client.chat });
  });

  it('does not compile without a model, or with an option that nobody reads', () => {
    // @ts-expect-error which one?
    openai({});
    // @ts-expect-error it is called baseURL
    openai({ model: 'm', baseUrl: 'x' });
  });
});
