import { type Backend, infer, type Workflow } from 'millrace';
import { filter, map, pipe } from 'rxjs';
import { showDuration } from './figures.ts';

/** Loads a model by asking it for one token, and tells in one line what runs where. */
export const introduce = (model: Backend): Workflow<string, string> =>
  pipe(
    infer(model, { maxTokens: 1 }),
    filter((event) => event.type === 'finish'),
    map(({ served, timing }) =>
      [
        served.model,
        ...(served.executionProvider === undefined ? [] : [served.executionProvider]),
        served.location === 'device' ? 'on this device, offline' : 'in the cloud',
        ...(timing.load > 0 ? [`loaded in ${showDuration(timing.load)}`] : []),
      ].join(' · '),
    ),
  );
