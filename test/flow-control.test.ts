import { callTools, hold, infer, inferJson, inferText, mergeFanOut, route, step, text, tool, verify } from 'millrace';
import { type ScriptedBackend, scripted } from 'millrace/testing';
import {
  concatMap,
  EMPTY,
  filter,
  from,
  map,
  merge,
  type OperatorFunction,
  pipe,
  range,
  scan,
  share,
  startWith,
  tap,
} from 'rxjs';
import { describe, expect, it } from 'vitest';

const words = Array.from({ length: 50 }, (_, index) => `${index} `);
const number = tool({
  name: 'number',
  parameters: { type: 'object', properties: {}, additionalProperties: false },
  execute: () => Promise.resolve(1),
});

/** Reads `taken` values and then no more. Gives how many it was handed by the time everything has come to rest. */
const readSlowly = async <T>(workflow: OperatorFunction<string, T>, taken: number): Promise<number> => {
  const releases: (() => void)[] = [];
  const questions = range(1, 1000).pipe(map(String));
  const reading = questions.pipe(workflow).subscribe(() => {
    const release = hold();
    releases.push(release);
    if (releases.length <= taken) setImmediate(release);
  });
  await rest(() => releases.length);
  reading.unsubscribe();
  return releases.length;
};

/** Waits until a number has not changed for a while. */
const rest = async (read: () => number): Promise<void> => {
  for (let calm = 0, last = read(); calm < 20; calm = read() === last ? calm + 1 : 0) {
    last = read();
    await new Promise(setImmediate);
  }
};

const tokensOf = ({ readings }: ScriptedBackend): number => readings.reduce((sum, { taken }) => sum + taken, 0);
const tokens = filter((event: { readonly type: string }) => event.type === 'token');

describe('a reader that holds, through operators that pass tokens on', () => {
  const chains: { readonly [name: string]: (model: ScriptedBackend) => OperatorFunction<string, unknown> } = {
    infer: (model) => pipe(infer(model), tokens),
    'infer, four at once': (model) => pipe(infer(model, { concurrency: 4 }), tokens),
    step: (model) => pipe(step('write', infer(model)), tokens),
    route: (model) =>
      pipe(
        route(
          map(() => 'a' as const),
          { a: infer(model) },
        ),
        tokens,
      ),
    'mergeFanOut, live': (model) =>
      pipe(
        mergeFanOut({ a: infer(model), b: infer(model) }, { emit: 'each' }),
        filter(({ value }) => value.type === 'token'),
      ),
    'callTools, in its answer': (model) => pipe(callTools(model, [number]), tokens),
    'operators of RxJS': (model) =>
      pipe(
        infer(model),
        tokens,
        scan((count) => count + 1, 0),
        startWith(0),
        share(),
        concatMap((count) => from([count])),
        (source) => merge(source, EMPTY),
      ),
  };

  it.each(Object.entries(chains))(
    '%s: makes one token more than is taken for each answer under way',
    async (name, chain) => {
      const model = scripted(words);
      const handed = await readSlowly(chain(model), 20);
      const atOnce = name.includes('four') ? 4 : name.includes('live') ? 2 : 1;
      expect(handed).toBeLessThanOrEqual(20 + atOnce);
      expect(handed).toBeGreaterThan(20);
      expect(tokensOf(model)).toBeLessThanOrEqual(20 + atOnce);
    },
  );
});

describe('a reader that holds, through operators that gather', () => {
  const chains: { readonly [name: string]: (model: ScriptedBackend) => OperatorFunction<string, unknown> } = {
    inferText: (model) => inferText(model),
    'infer and text': (model) => pipe(infer(model), text()),
    inferJson: (model) => inferJson(model, { type: 'number' }),
    'route to text': (model) =>
      route(
        map(() => 'a' as const),
        { a: inferText(model) },
      ),
    mergeFanOut: (model) => mergeFanOut({ a: inferText(model) }),
    'callTools and text': (model) => pipe(callTools(model, [number]), text()),
    'verify, checked later': (model) => pipe(inferText(model), verify(concatMap(() => Promise.resolve(true)))),
    'verify, checked at once': (model) => pipe(inferText(model), verify(map(() => true))),
  };

  it.each(Object.entries(chains))('%s: asks one question more than answers are taken', async (name, chain) => {
    const model = scripted('42');
    expect(await readSlowly(chain(model), 5)).toBe(6);
    // What waits to be verified is one more.
    expect(model.requests.length).toBe(name.includes('verify') ? 7 : 6);
  });

  it('lets no step run ahead of the one behind it by more than one', async () => {
    const [lister, writer] = [scripted(words), scripted(words)];
    const chain = pipe(
      infer(lister),
      tokens,
      infer(writer, () => 'Go on.'),
      tokens,
    );
    expect(await readSlowly(chain, 120)).toBe(121);
    // 50 words an answer: the third is under way, and one waits.
    expect(writer.requests.length).toBe(3);
    expect(tokensOf(lister)).toBe(4);
  });
});

describe('a slow branch', () => {
  it('does not starve the others', async () => {
    const [slow, fast] = [scripted(words), scripted(words)];
    const seen: string[] = [];
    const reading = from(['x'])
      .pipe(
        mergeFanOut(
          {
            slow: pipe(
              infer(slow),
              tap(() => hold()),
            ),
            fast: infer(fast),
          },
          { emit: 'each' },
        ),
      )
      .subscribe(({ branch }) => seen.push(branch));
    await rest(() => seen.length);
    expect(seen.filter((branch) => branch === 'slow')).toHaveLength(1);
    expect(seen.filter((branch) => branch === 'fast')).toHaveLength(51);
    reading.unsubscribe();
  });
});

describe('a tool loop', () => {
  it('asks no further round while the result of a tool is held', async () => {
    const call = { id: 'a', name: 'number', arguments: {} };
    const model = scripted((_, index) => (index < 10 ? [{ type: 'tool-call', call }] : 'done'));
    let results = 0;
    const reading = from(['x'])
      .pipe(callTools(model, [number], { maxRounds: 20 }))
      .subscribe((event) => {
        if (event.type !== 'tool-result') return;
        results++;
        if (results === 3) hold();
      });
    await rest(() => results);
    expect(results).toBe(3);
    expect(model.requests).toHaveLength(3);
    reading.unsubscribe();
  });
});
