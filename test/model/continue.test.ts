import {
  BackendError,
  type FinishEvent,
  type InferenceEvent,
  type InferenceRequest,
  infer,
  withFallback,
} from 'millrace';
import { onnx } from 'millrace/onnx';
import { scripted } from 'millrace/testing';
import { concat, lastValueFrom, of, throwError, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { embeddedFolder, modelFolder } from '../support/models.ts';

const model = onnx(embeddedFolder);
const question = { role: 'user', content: 'Tell me a story about a fox and a crow.' } as const;
const ask = (prefix?: string, fields: Partial<InferenceRequest> = {}): Promise<InferenceEvent[]> =>
  lastValueFrom(
    model
      .infer({
        id: `${prefix}`,
        messages: [question],
        maxTokens: 30,
        ...fields,
        ...(prefix !== undefined && { prefix }),
      })
      .pipe(toArray()),
  );
const textsOf = (events: readonly InferenceEvent[]) =>
  events.flatMap((event) => (event.type === 'token' ? [event.text] : []));

describe('a model that goes on from a prefix', () => {
  it('says what it would have said itself behind it, and nothing of it', async () => {
    const whole = textsOf(await ask());
    expect(whole.length).toBeGreaterThan(20);
    for (const taken of [1, 7, 12]) {
      const prefix = whole.slice(0, taken).join('');
      const events = await ask(prefix, { maxTokens: 30 - taken });
      expect(prefix + textsOf(events).join('')).toBe(whole.join(''));
      const { messages, usage } = events.at(-1) as FinishEvent;
      expect(messages).toEqual([question, { role: 'assistant', content: textsOf(events).join('') }]);
      expect(usage.output).toBe(30 - taken);
    }
  });

  it('takes over where another one fails in the middle', async () => {
    const whole = textsOf(await ask());
    const failure = new BackendError('gone', { backend: 'scripted', retryable: true });
    const broken = scripted(() =>
      concat(
        whole.slice(0, 9),
        throwError(() => failure),
      ),
    );
    const both = withFallback(broken, model, { onPartial: 'continue' });
    const events = await lastValueFrom(of([question]).pipe(infer(both, { maxTokens: 30 }), toArray()));
    expect(textsOf(events)).toEqual(whole);
    expect(events.at(-1)).toMatchObject({
      attempt: 1,
      messages: [question, { content: whole.join('') }],
      usage: { output: 30 },
      served: { attempt: 2, location: 'device' },
    });
  });

  it('keeps the space between the prefix and what follows', async () => {
    const tiny = onnx(modelFolder('tiny-llama'));
    const answer = (prefix?: string) =>
      lastValueFrom(
        tiny
          .infer({ id: 'x', messages: [question], maxTokens: 40, ...(prefix !== undefined && { prefix }) })
          .pipe(toArray()),
      );
    const whole = textsOf(await answer());
    const space = whole.findIndex((text, index) => index > 0 && text.startsWith(' '));
    expect(space).toBeGreaterThan(0);
    const rest = textsOf(await answer(whole.slice(0, space).join('')));
    expect(rest[0]).toBe(whole[space]);
  });

  it('cannot where a grammar holds the answer, and refuses', async () => {
    const [request, schema] = [{ id: 'x', messages: [question], prefix: 'A' }, { type: 'string' } as const];
    const tools = [{ name: 'look', parameters: { type: 'object' } }] as const;
    expect(model.continues?.(request)).toBe(true);
    expect(model.continues?.({ ...request, tools, toolChoice: 'none' })).toBe(true);
    expect(model.continues?.({ ...request, tools })).toBe(false);
    expect(model.continues?.({ ...request, schema })).toBe(false);
    await expect(ask('A', { schema })).rejects.toThrow(/Expected a `prefix` without `schema`/);
    await expect(ask('A', { tools })).rejects.toBeInstanceOf(BackendError);
  });
});
