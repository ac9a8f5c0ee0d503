import { BackendError, infer } from 'millrace';
import { backendContract, marbles, type ScriptedBackend, scripted } from 'millrace/testing';
import { concat, lastValueFrom, of, take, throwError, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';

describe('scripted', () => {
  const failure = new BackendError('gone', { backend: 'scripted', retryable: true });
  const contract = backendContract({
    backend: () => scripted('one two three four'),
    failing: () => scripted(throwError(() => failure)),
    begun: (backend) => (backend as ScriptedBackend).requests.length,
  });
  for (const { title, check } of contract) it(title, check);

  const ask = (model: ScriptedBackend) => lastValueFrom(of('Hello there').pipe(infer(model), toArray()));

  it('splits a text at word starts', async () => {
    const events = await ask(scripted('Hello  big\nworld '));
    const texts = events.flatMap((event) => (event.type === 'token' ? [event.text] : []));
    expect(texts).toEqual(['Hello', '  big', '\nworld', ' ']);
  });

  it('plays tokens and events as they are written', async () => {
    const call = { id: 'call-1', name: 'search', arguments: { query: 'x' } };
    const events = await ask(scripted(['Let me look.', { type: 'tool-call', call }]));
    expect(events.map(({ type }) => type)).toEqual(['token', 'tool-call', 'finish']);
    expect(events.at(-1)).toMatchObject({
      reason: 'tool-calls',
      messages: [{ role: 'user' }, { role: 'assistant', content: 'Let me look.', toolCalls: [call] }],
    });
  });

  it('starts anew after a retract', async () => {
    const events = await ask(scripted(['may', { type: 'retract' }, 'yes']));
    expect(events.map(({ attempt }) => attempt)).toEqual([1, 1, 2, 2]);
    expect(events.at(-1)).toMatchObject({ messages: [{}, { content: 'yes' }] });
  });

  it('leaves a finish of the script as it is', async () => {
    const events = await ask(scripted(['cut', { type: 'finish', reason: 'length' }]));
    expect(events.filter(({ type }) => type === 'finish')).toEqual([events.at(-1)]);
    expect(events.at(-1)).toMatchObject({ reason: 'length', messages: [{}, { content: 'cut' }] });
  });

  it('answers by request and index', async () => {
    const model = scripted(({ messages }, index) => `${index}: ${messages[0]?.content}`);
    const texts = concat(
      model.infer({ id: 'a', messages: [{ role: 'user', content: 'x' }] }),
      model.infer({ id: 'b', messages: [] }),
    );
    const events = await lastValueFrom(texts.pipe(toArray()));
    expect(events.flatMap((event) => (event.type === 'token' ? [event.text] : []))).toEqual([
      '0:',
      ' x',
      '1:',
      ' undefined',
    ]);
    expect(model.requests.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('remembers how far each answer was read', async () => {
    const model = scripted('one two three');
    await lastValueFrom(of('x').pipe(infer(model), take(2)));
    await lastValueFrom(of('x').pipe(infer(model)));
    expect(model.readings).toEqual([
      { taken: 2, unsubscribed: true },
      { taken: 3, unsubscribed: false },
    ]);
  });

  it(
    'measures virtual time',
    marbles(({ cold, flush }) => {
      const model = scripted(cold('--a-b-|'));
      const timings: unknown[] = [];
      of('x')
        .pipe(infer(model))
        .subscribe((event) => event.type === 'finish' && timings.push(event.timing));
      flush();
      expect(timings).toEqual([{ queue: 0, load: 0, firstToken: 2, total: 6 }]);
    }),
  );
});
