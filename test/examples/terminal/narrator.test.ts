import {
  BackendError,
  callTools,
  infer,
  inferText,
  mergeFanOut,
  route,
  run,
  step,
  text,
  tool,
  verify,
  type Workflow,
  withFallback,
} from 'millrace';
import { scripted } from 'millrace/testing';
import { concatMap, concatWith, EMPTY, map, NEVER, type Observable, of, pipe, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { Narrator } from '../../../examples/terminal/narrator.ts';
import { makePaint } from '../../../examples/terminal/paint.ts';
import { PlainScreen } from '../../../examples/terminal/plain-screen.ts';

/** What is told of a run, without its figures, which differ from run to run. */
const told = (workflow: Workflow<string, unknown>, leave = false) => {
  const seen = { text: '' };
  const screen = new PlainScreen((piece) => {
    seen.text += piece;
  }, makePaint(false));
  const narrator = new Narrator(screen);
  const running = run(workflow, 'question');
  running.events.subscribe((event) => narrator.tell(event));
  const reading = running.subscribe({ error: () => undefined });
  if (leave) reading.unsubscribe();
  const lines = seen.text.split('\n').filter((line) => line !== '');
  return { lines: lines.map((line) => line.replace(/\d+ tokens? in .*?(?=$| · cut)/, '(figures)')), narrator };
};

describe('Narrator', () => {
  it('shows the tokens of a step under its name, then what they cost', () => {
    const { lines, narrator } = told(step('outer', step('inner', inferText(scripted('one two')))));
    expect(lines).toEqual(['  outer › inner', '    one two', '    (figures)']);
    expect(narrator.figures).toMatchObject([{ step: 'outer › inner', model: 'scripted', input: 1, output: 2 }]);
  });

  it('names a model that stands in no step after itself', () => {
    expect(told(inferText(scripted('one', { id: 'small' }))).lines[0]).toBe('  small');
  });

  it('counts requests of the same step', () => {
    const { lines, narrator } = told(
      pipe(
        concatMap((input) => [input, input]),
        step('ask', inferText(scripted('one'))),
      ),
    );
    expect(lines.filter((line) => line.includes('ask'))).toEqual(['  ask', '  ask #2']);
    expect(narrator.figures.map((figures) => figures.step)).toEqual(['ask', 'ask #2']);
  });

  it('shows the branches of a fan-out each under its name', () => {
    const model = scripted('one');
    const { lines } = told(mergeFanOut({ left: inferText(model), right: inferText(model) }));
    expect(lines).toEqual(['  left', '    one', '    (figures)', '  right', '    one', '    (figures)']);
  });

  it('shows where a route goes', () => {
    const select = step(
      'classify',
      pipe(
        inferText(scripted('b')),
        map((label) => label as 'a' | 'b'),
      ),
    );
    const { lines } = told(route(select, { a: inferText(scripted('A')), b: inferText(scripted('B')) }));
    expect(lines).toEqual(['  classify', '    b', '    (figures)', '  → b', '  b', '    B', '    (figures)']);
  });

  it('shows why a value is rejected, and its repair', () => {
    const check = map((value: string) => ({ accepted: value === 'good', reason: 'not good' }));
    const { lines } = told(
      pipe(
        step('write', inferText(scripted('bad'))),
        verify(check, {
          repair: step(
            'repair',
            inferText(scripted('good'), ({ reason }) => reason),
          ),
        }),
      ),
    );
    expect(lines).toEqual([
      '  write',
      '    bad',
      '    (figures)',
      '  ✗ rejected: not good',
      '  repair',
      '    good',
      '    (figures)',
    ]);
  });

  it('shows calls of tools and what they gave', () => {
    const call = { id: '1', name: 'look', arguments: { query: 'X200' } };
    const model = scripted((_, index) => (index === 0 ? [{ type: 'tool-call', call }] : 'Yes.'));
    const look = tool({ name: 'look', parameters: { type: 'object' }, execute: () => ({ stock: 3 }) });
    const { lines } = told(step('answer', pipe(callTools(model, [look]), text())));
    expect(lines).toEqual([
      '  answer',
      '    look {"query":"X200"}',
      '    (figures)',
      '  look {"query":"X200"}',
      '    {"stock":3}',
      '  answer #2',
      '    Yes.',
      '    (figures)',
    ]);
  });

  it('shows a call while it is being written', () => {
    const call = { id: '1', name: 'look', arguments: { query: 'X200' } };
    const { lines } = told(
      infer(
        scripted([
          { type: 'tool-call-delta', index: 0, tool: 'look', arguments: '' },
          { type: 'tool-call-delta', index: 0, arguments: '{"query":' },
          { type: 'tool-call-delta', index: 0, arguments: '"X200"}' },
          { type: 'tool-call', call },
        ]),
      ),
    );
    expect(lines).toEqual(['  scripted', '    look {"query":"X200"}', '    (figures)']);
  });

  it('tells that an answer was taken back', () => {
    const { lines } = told(inferText(scripted(['bad', { type: 'retract' }, 'good'])));
    expect(lines).toEqual([
      '  scripted',
      '    bad',
      '    ✗ retracted: what stands above does not count',
      '    good',
      '    (figures)',
    ]);
  });

  it('tells that another model takes over, and why', () => {
    const gone = new BackendError('no connection', { backend: 'local', retryable: true });
    const local = scripted(of('bad').pipe(concatWith(throwError(() => gone))), { id: 'local' });
    expect(told(inferText(withFallback(local, scripted('good')))).lines).toEqual([
      '  local or scripted',
      '    bad',
      '    ✗ local failed: no connection',
      '    ✗ retracted: what stands above does not count',
      '    good',
      '    (figures)',
    ]);
  });

  it('tells that an answer was cut', () => {
    expect(told(infer(scripted(['one', { type: 'finish', reason: 'length' }]))).lines.at(-1)).toBe(
      '    (figures) · cut at its token limit',
    );
  });

  it('tells that a request failed', () => {
    const reply: Observable<string> = of('one').pipe(concatWith(throwError(() => new Error('gone'))));
    expect(told(infer(scripted(reply))).lines).toEqual(['  scripted', '    one', '    ✗ failed']);
  });

  it('ends what is open when the reader leaves', () => {
    const reply: Observable<string> = of('one').pipe(concatWith(NEVER));
    expect(told(infer(scripted(reply)), true).lines).toEqual(['  scripted', '    one']);
  });

  it('says nothing of a run without models', () => {
    expect(
      told(
        step(
          'nothing',
          concatMap(() => EMPTY),
        ),
      ).lines,
    ).toEqual([]);
  });
});
