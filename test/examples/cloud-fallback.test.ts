import { type RunEvent, run } from 'millrace';
import { scripted } from 'millrace/testing';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { cloudFallback } from '../../examples/cloud-fallback.ts';

const words = (count: number) => Array.from({ length: count }, (_, index) => `${index} `).join('');

const summarise = async (local: string) => {
  const [small, large] = [scripted(local, { id: 'small' }), scripted('The reef is long.', { id: 'large' })];
  const events: RunEvent[] = [];
  const running = run(cloudFallback.workflow({ small, large }), 'It is long.');
  running.events.subscribe((event) => events.push(event));
  return { answers: await lastValueFrom(running.pipe(toArray())), events, small, large };
};

describe('cloud-fallback', () => {
  it('gives the answer of the server where the local model breaks off', async () => {
    const { answers, events, small, large } = await summarise(words(30));
    expect(answers).toEqual(['The reef is long.']);
    expect(small.readings).toEqual([{ taken: 13, unsubscribed: true }]);
    expect(large.requests).toMatchObject([{ messages: small.requests[0]?.messages, maxTokens: 90 }]);
    const told = events.filter(({ type }) => type === 'attempt' || type === 'retract' || type === 'finish');
    expect(told).toMatchObject([
      { type: 'attempt', backend: 'small', attempt: 1, error: { message: 'the machine went to sleep' } },
      { type: 'retract', attempt: 1 },
      { type: 'finish', attempt: 2, served: { backend: 'cloud', model: 'large', location: 'cloud', attempt: 2 } },
    ]);
    expect(events.filter(({ kind, type }) => kind === 'model' && type === 'start')).toHaveLength(1);
  });

  it('leaves the server alone where the local model is done before', async () => {
    const { answers, large } = await summarise(words(3));
    expect(answers).toEqual([words(3)]);
    expect(large.requests).toEqual([]);
  });
});
