import { type Tool, tool } from 'millrace';
import { firstValueFrom, fromEvent, map, NEVER, type Observable, race, timer } from 'rxjs';
import type { Work } from './ledger.ts';

const parameters = { type: 'object', properties: { key: { type: 'string' } }, required: ['key'] } as const;

/** Tools that answer, fail, wait, and must not run twice. Each is known to run until it ends or is told to stop. */
export const makeTools = (work: Work, patient: boolean): readonly Tool[] => {
  const { chance } = work;
  const wait = (signal: AbortSignal): Observable<string> => {
    const end = patient && chance.of(0.1) ? NEVER : timer(chance.between(0, 50));
    return race(end, fromEvent(signal, 'abort')).pipe(map(() => 'waited'));
  };

  const watchedTool = (name: string, execute: (signal: AbortSignal, id: string) => unknown, idempotent = true): Tool =>
    tool({
      name,
      parameters,
      idempotent,
      execute: async (_args, { signal, call }) => {
        if (work.over) work.complain(`runs the tool ${name} after its end`);
        const run = `${name} of ${call.id}`;
        work.tools.add(run);
        const stop = () => work.tools.delete(run);
        signal.addEventListener('abort', stop, { once: true });
        try {
          return await execute(signal, call.id);
        } finally {
          stop();
        }
      },
    }) as Tool;

  return [
    watchedTool('look_up', () => 'found'),
    watchedTool('shop.wait', (signal) => firstValueFrom(wait(signal))),
    watchedTool('fail', () => {
      throw new Error('out of order');
    }),
    watchedTool(
      'pay',
      (_signal, id) => {
        if (work.paid.has(id)) work.complain(`pays twice for ${id}`);
        work.paid.add(id);
        return 'paid';
      },
      false,
    ),
  ];
};
