import {
  admit,
  callTools,
  fallback,
  fromGenerator,
  infer,
  inferJson,
  inferText,
  mergeFanOut,
  prefer,
  RetryBudget,
  route,
  run,
  step,
  toAsyncIterable,
  tool,
  toReadable,
  toResponse,
  toSse,
  verify,
  withBulkhead,
  withCircuitBreaker,
  withFallback,
  withRetry,
} from 'millrace';
import { ModelPool, onnx } from 'millrace/onnx';
import { openai } from 'millrace/openai';
import { scripted } from 'millrace/testing';
import { identity, of } from 'rxjs';
import { describe, expect, it } from 'vitest';

type Make = (...args: unknown[]) => unknown;

const model = scripted('yes');
const source = of('a');
const aTool = tool({ name: 'look', parameters: { type: 'object' }, execute: () => 'seen' });
const toolWith = (part: object) => tool({ name: 'look', parameters: {}, execute: () => 'seen', ...part } as never);

/** What is made, and arguments that suit it, options last: each of them is replaced by what suits nobody. */
const makers: readonly [name: string, make: Make, ...suiting: readonly unknown[]][] = [
  ['infer', infer as Make, model],
  ['inferText', inferText as Make, model],
  ['inferJson', inferJson as Make, model, { type: 'string' }],
  ['route', route as Make, identity, { a: identity }, {}],
  ['mergeFanOut', mergeFanOut as Make, { a: identity }, {}],
  ['a branch', (branch) => mergeFanOut({ a: branch } as never), identity],
  ['callTools', callTools as Make, model, [aTool]],
  ['a tool of callTools', (each) => callTools(model, [each as never]), aTool],
  ['verify', verify as Make, identity, {}],
  ['fallback', fallback as Make, identity, identity, {}],
  ['withFallback', withFallback as Make, model, model, {}],
  ['admit', admit as Make, identity, { capacity: 1 }],
  ['step', step as Make, 'a', identity, {}],
  ['tool', tool as Make, { name: 'look', parameters: {}, execute: () => 'seen' }],
  ["a tool's name", (name) => toolWith({ name }), 'look'],
  ['`parameters`', (parameters) => toolWith({ parameters }), {}],
  ['`execute`', (execute) => toolWith({ execute }), () => 'seen'],
  ['prefer', prefer as Make, model, model, 'private'],
  ['withRetry', withRetry as Make, model, {}],
  ['RetryBudget', (options) => new RetryBudget(options as never), {}],
  ['withCircuitBreaker', withCircuitBreaker as Make, model, {}],
  ['withBulkhead', withBulkhead as Make, model, { concurrency: 1 }],
  ['toAsyncIterable', toAsyncIterable as Make, source, {}],
  ['toReadable', toReadable as Make, source, {}],
  ['toSse', toSse as Make, source, {}],
  ['toResponse', toResponse as Make, source, {}],
  ['fromGenerator', fromGenerator as Make, async function* () {}],
  ['ModelPool', (options) => new ModelPool(options as never), {}],
  ['onnx', onnx as Make, 'folder', {}],
  ['openai', openai as Make, { model: 'm' }],
];

const strange = { undefined, null: null, 'a number': 7, 'an empty list': [] };

/** Options of which none is needed, and the model of `onnx`. */
const mayBeLeftOut = (name: string, suits: unknown): boolean =>
  name === 'onnx' || (name !== '`parameters`' && JSON.stringify(suits) === '{}');

for (const [name, make, ...suiting] of makers) {
  describe(name, () => {
    it('is made of what suits it', () => {
      expect(() => make(...suiting)).not.toThrow();
    });

    for (const [place, suits] of suiting.entries()) {
      for (const [what, value] of Object.entries(strange)) {
        if (value === undefined && mayBeLeftOut(name, suits)) continue;
        it(`refuses ${what} as argument ${place + 1}, and says what it expected and what it received`, () => {
          expect(() => make(...suiting.with(place, value))).toThrow(/^Expected .+, received .+/);
        });
      }
    }
  });
}

it.each([null, 7, {}])('a tool refuses %o as its description', (description) => {
  expect(() => toolWith({ description })).toThrow(/^Expected `description` to be a string, received/);
});

it.each([null, 7, 199, 600, 200.5, '200'])('toResponse refuses %o as its status', (status) => {
  expect(() => toResponse(source, { status } as never)).toThrow(
    /^Expected `status` to be a whole number from 200 to 599, received/,
  );
});

it.each([null, 7, 'map', {}])('a run refuses %o as its workflow', (workflow) => {
  expect(() => run(workflow as never, 'a')).toThrow(/^Expected the workflow of run to be a workflow, received/);
});
