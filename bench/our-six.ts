import { type Backend, callTools, mergeFanOut, route, step, tool } from 'millrace';
import { map, type OperatorFunction } from 'rxjs';

const unused = tool({
  name: 'unused',
  description: 'Is never called.',
  parameters: { type: 'object', properties: {} },
  execute: () => '',
});

/** Six operators of ours: step, route, mergeFanOut with its branch's step, callTools and the infer within it. */
export const ourSix = (backend: Backend): OperatorFunction<string, unknown> =>
  step(
    'outer',
    route(
      map((_: string) => 'ask' as const),
      { ask: mergeFanOut({ answer: callTools(backend, [unused]) }, { emit: 'each' }) },
    ),
  );
