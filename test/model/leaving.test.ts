import { infer } from 'millrace';
import { onnx } from 'millrace/onnx';
import { firstValueFrom, lastValueFrom, of, type Subscription, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { modelFolder } from '../support/models.ts';
import { runProgram } from '../support/program.ts';

const program = (body: string) =>
  runProgram(`
    import { infer } from 'millrace';
    import { onnx } from 'millrace/onnx';
    import { of, take } from 'rxjs';
    const answer = of('Tell me a very long story.').pipe(infer(onnx(), { maxTokens: 2000 }));
    const say = (text) => console.log(text);
    ${body}
  `);

describe('leaving a model on this machine', () => {
  it('makes room for others', async () => {
    const tiny = onnx(modelFolder('tiny-qwen3'));
    const long = of('x').pipe(infer(tiny, { maxTokens: 1000, temperature: 1, seed: 5 }));
    const readers: Subscription[] = [];
    await Promise.all(
      Array.from({ length: 8 }, () => new Promise<unknown>((begun) => readers.push(long.subscribe(begun)))),
    );
    let seen = 0;
    const ninth = of('y').pipe(infer(tiny, { maxTokens: 2000 }));
    readers.push(ninth.subscribe(() => seen++));
    await firstValueFrom(timer(50));
    expect(seen).toBe(0);
    for (const reader of readers) reader.unsubscribe();
    const finish = await lastValueFrom(of('z').pipe(infer(tiny, { maxTokens: 3 })));
    expect(finish.type === 'finish' && finish.timing.total).toBeLessThan(3000);
    expect(seen).toBe(0);
  });

  it('ends a program once its answer is read', async () => {
    const { code, output } = await program(`answer.pipe(take(3)).subscribe({ complete: () => say('read') });`);
    expect({ code, output }).toEqual({ code: 0, output: 'read\n' });
  });

  it('ends a program whose reader leaves while the model loads', async () => {
    const { code, output } = await program(`
      const reader = answer.subscribe(say);
      setTimeout(() => { reader.unsubscribe(); say('left'); }, 60);
    `);
    expect({ code, output }).toEqual({ code: 0, output: 'left\n' });
  });

  it('ends a program whose reader leaves at once', async () => {
    const { code, output } = await program(`answer.subscribe(say).unsubscribe(); say('left');`);
    expect({ code, output }).toEqual({ code: 0, output: 'left\n' });
  });

  it.each([
    ['while the model loads', 'setTimeout(() => process.exit(3), 150); answer.subscribe();'],
    ['while the model runs', 'answer.pipe(take(4)).subscribe({ complete: () => process.exit(3) });'],
    ['in between two tokens', 'answer.subscribe(({ type }) => type === "token" && process.exit(3));'],
  ])('lets a program end itself %s', async (_, body) => {
    const { code, signal } = await program(body);
    expect({ code, signal }).toEqual({ code: 3, signal: null });
  });

  it('lets a program die of an error while the model runs', async () => {
    const { code, output } = await program(`
      answer.pipe(take(5)).subscribe();
      answer.subscribe(({ type }) => { if (type === 'token') throw new Error('mine'); });
    `);
    expect(code).toBe(1);
    expect(output).toContain('Error: mine');
  });
});
