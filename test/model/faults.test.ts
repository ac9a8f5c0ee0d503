import { describe, expect, it } from 'vitest';
import { runProgram } from '../support/program.ts';

const imports = `
  import v8 from 'node:v8';
  import vm from 'node:vm';
  import { infer } from 'millrace';
  import { ModelPool, onnx } from 'millrace/onnx';
  import { lastValueFrom, of } from 'rxjs';
  const model = onnx('test/models/tiny-llama', { cacheTokens: 4096 });
`;

/** What a program wrote as JSON on its last line. */
const report = async (program: string) => {
  const { code, output } = await runProgram(imports + program);
  expect({ code, output }).toMatchObject({ code: 0 });
  return JSON.parse(output.trim().split('\n').at(-1) as string);
};

describe('a model on this machine', () => {
  it('fails its requests where its thread runs out of memory, and is loaded anew for the next one', async () => {
    const { first, second, events } = await report(`
      const events = [];
      ModelPool.shared.events.subscribe(({ type }) => events.push(type));
      const ask = () => lastValueFrom(of('x').pipe(infer(model, { maxTokens: 3 })));
      const both = () => Promise.all([ask(), ask()].map((answer) =>
        answer.then(({ type }) => type, ({ name, retryable, message }) => ({ name, retryable, message }))));
      // New threads get the memory that the flags say.
      v8.setFlagsFromString('--max-old-space-size=8');
      const first = await both();
      v8.setFlagsFromString('--max-old-space-size=2048');
      const second = await both();
      console.log(JSON.stringify({ first, second, events }));
    `);
    expect(first).toHaveLength(2);
    for (const error of first) {
      expect(error).toMatchObject({ name: 'BackendError', retryable: true });
      expect(error.message).toMatch(/^The model's thread died before its answer was whole \(.*memory.*\): ask again$/);
    }
    expect(second).toEqual(['finish', 'finish']);
    expect(events).toEqual(['loading', 'failed', 'loading', 'loaded']);
  });

  it('answers 10,000 requests of which a third leave at random moments, and is as it was before', async () => {
    const { finished, left, failed, memory, requests, together } = await report(`
      // Heaps grow to what they are let grow to: what is to stay flat is kept narrow.
      v8.setFlagsFromString('--max-semi-space-size=1');
      v8.setFlagsFromString('--max-old-space-size=64');
      v8.setFlagsFromString('--expose-gc');
      const collect = vm.runInNewContext('gc');
      let seed = 20;
      const random = (most) => (seed = (seed * 48271) % 2147483647) % most;
      const counts = { finished: 0, left: 0, failed: 0 };
      const memory = [];
      const one = (number) => new Promise((done) => {
        const end = (how) => { counts[how]++; done(); };
        const prompt = 'Request ' + 'and so on '.repeat(random(12)) + number;
        const reader = of(prompt).pipe(infer(model, { maxTokens: 1 + random(4) })).subscribe({
          complete: () => end('finished'),
          error: () => end('failed'),
        });
        if (number % 3 > 0) return;
        const leave = () => { if (!reader.closed) { reader.unsubscribe(); end('left'); } };
        // At once, after a few turns of the event loop, or a little later.
        const moment = random(40);
        if (moment === 0) leave();
        else if (moment < 15) { let turns = moment; const turn = () => (--turns > 0 ? setImmediate(turn) : leave()); turn(); }
        else setTimeout(leave, moment - 14);
      });
      let next = 0;
      const lane = async () => {
        while (next < 10_000) {
          const number = next++;
          await one(number);
          if (number % 1000 < 999) continue;
          collect();
          const { rss, heapUsed } = process.memoryUsage();
          memory.push({ process: rss / 1e6, heap: heapUsed / 1e6 });
        }
      };
      await Promise.all(Array.from({ length: 24 }, lane));
      const [{ requests }] = ModelPool.shared.state().models;
      // Every place is free: eight answers begin before one of them ends.
      let together = 0;
      await Promise.all(Array.from({ length: 8 }, () => {
        let first = true;
        return of('x').pipe(infer(model, { maxTokens: 200 })).forEach(({ type }) => {
          if (first) together++;
          first = false;
          if (type === 'finish' && together < 8) throw new Error('ended with ' + together);
        });
      }));
      console.log(JSON.stringify({ ...counts, memory, requests, together }));
    `);
    expect(finished + left).toBe(10_000);
    expect(failed).toBe(0);
    expect(left).toBeGreaterThan(2000);
    expect(requests).toBe(0);
    expect(together).toBe(8);
    const [first, ...others] = memory;
    const most = (part: string) => Math.max(...others.map((each: { [part: string]: number }) => each[part]));
    expect(most('heap')).toBeLessThan(first.heap + 1);
    expect(most('process')).toBeLessThan(first.process * 1.35);
  });
});
