import { describe, expect, it, vi } from 'vitest';

// As the import map of the package does it where Node's AsyncLocalStorage is not there.
vi.mock('#frame-storage', () => import('../../../src/runtime/frames/frame-storage.ts'));

const { inferText, run, step } = await import('millrace');
const { scripted } = await import('millrace/testing');
const { frameStorage } = await import('../../../src/runtime/frames/frame-storage.ts');
const { Subject, concatMap, map, pipe } = await import('rxjs');

describe('frameStorage without AsyncLocalStorage', () => {
  it('ends a frame where the call stack does, however it ends', () => {
    const frame = {} as never;
    expect(frameStorage.run(frame, () => frameStorage.getStore())).toBe(frame);
    expect(frameStorage.getStore()).toBeUndefined();
    const throwing = () =>
      frameStorage.run(frame, () => {
        throw new Error('no');
      });
    expect(throwing).toThrow('no');
    expect(frameStorage.getStore()).toBeUndefined();
  });

  it('shows the steps of a run, beside one another, wherever an answer comes from', () => {
    const outside = new Subject<string>();
    const waits = step(
      'waits',
      concatMap((word: string) => outside.pipe(map((answer) => word + answer))),
    );
    const watched = run(pipe(waits, step('asks', inferText(scripted('done')))), 'x');
    const seen: string[] = [];
    watched.events.subscribe(({ parent, name, type, step: id }) => seen.push(`${id} in ${parent}: ${name} ${type}`));
    watched.subscribe();
    outside.next('y');
    outside.complete();
    const [id] = /^\S+(?=\.0 in undefined: run start)/.exec(seen[0] ?? '') ?? [];
    expect(seen).toEqual([
      `${id}.0 in undefined: run start`,
      `${id}.1 in ${id}.0: waits start`,
      `${id}.2 in ${id}.0: asks start`,
      `${id}.3 in ${id}.2: scripted start`,
      `${id}.3 in ${id}.2: scripted token`,
      `${id}.3 in ${id}.2: scripted finish`,
      `${id}.3 in ${id}.2: scripted complete`,
      `${id}.1 in ${id}.0: waits complete`,
      `${id}.2 in ${id}.0: asks complete`,
      `${id}.0 in undefined: run complete`,
    ]);
  });
});
