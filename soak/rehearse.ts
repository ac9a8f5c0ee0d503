import { getEventListeners } from 'node:events';
import { type Run, type RunOptions, run, type Workflow, WorkflowError } from 'millrace';
import { firstValueFrom, map, of, race, Subscription, timer } from 'rxjs';
import { Eye } from './eye.ts';
import type { Ledger, Work } from './ledger.ts';
import type { Models } from './models.ts';
import { pause } from './pause.ts';
import { type Ending, readers } from './readers.ts';
import { type Limit, Shapes } from './shapes.ts';

/** Milliseconds after which a workflow counts as one that hangs, and requests as ones that stay open. */
const patience = { end: 20_000, close: 5000 };

const codes: ReadonlySet<string> = new Set([
  ...['backend', 'schema', 'truncated', 'timeout', 'tool', 'tool-rounds', 'route', 'fan-out', 'partial'],
  ...['verification', 'admission', 'reader', 'step'],
]);

/** Makes one workflow by chance, reads it in one of many ways, and looks whether all of it ends as it should. */
export const rehearse = async (ledger: Ledger, models: Models, number: number): Promise<void> => {
  const work = ledger.begin(number);
  const { chance } = work;
  const limit = chance.pick<Limit>(['waits', 'waits', 'deadline', 'outer']);
  const shape = new Shapes(work, models, limit).any();
  const [name, reader] = chance.pick(Object.entries(readers)) as [string, (typeof readers)[string]];
  const leaving = limit === 'outer' ? name !== 'stalls' && chance.of(0.6) : chance.of(0.35);
  const byCount = leaving && limit !== 'outer' && chance.of(0.5);
  const after = leaving && !byCount ? chance.between(0, 250) : Number.POSITIVE_INFINITY;
  const most = byCount ? chance.between(1, 20) : Number.POSITIVE_INFINITY;
  const deadline = (limit === 'outer' && !leaving) || chance.of(0.1) ? { deadline: chance.between(30, 400) } : {};
  work.name = `${shape.name}, limit ${limit}, ${name} for ${after} ms and ${most} values, ${JSON.stringify(deadline)}`;

  const eye = new Eye(work);
  const aborting = new AbortController();
  const reason = chance.of(0.5) ? new Error('enough') : undefined;
  const running = 'deadline' in deadline || chance.of(0.6);
  const source = running
    ? watchedRun(work, shape.it, { ...deadline, signal: aborting.signal })
    : of(inputOf(work)).pipe(shape.it);
  const abort =
    running && chance.of(0.15)
      ? timer(chance.between(0, 150)).subscribe(() => aborting.abort(reason))
      : Subscription.EMPTY;
  const left = (how: string) => {
    eye.closed = true;
    work.end(how);
  };
  const reading = reader({ source, see: eye.see, chance, after, most, left });
  const ending = await within(patience.end, reading);
  abort.unsubscribe();
  if (ending === undefined) {
    work.complain(`hangs: ${work.state}`);
    return;
  }
  // What is beneath is left once the reader has been told.
  await turn();
  work.end(ending.how);
  if (ending.how === 'completes') eye.complete();
  ledger.count('endings', judge(work, ending, aborting.signal));
  ledger.count('readers', name);
  if (getEventListeners(aborting.signal, 'abort').length > 0) work.complain('leaves a listener at the signal');
  await clear(work);
  ledger.forget(work);
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const inputOf = ({ number }: Work): string => `#${number}# go`;

const within = <T>(milliseconds: number, ending: Promise<T>): Promise<T | undefined> =>
  firstValueFrom(race(ending, timer(milliseconds).pipe(map(() => undefined))));

/** Names an ending; one that is none of those that are promised is a problem. */
const judge = (work: Work, ending: Ending, signal: AbortSignal): string => {
  if (ending.how === 'tells of a failure') {
    if (!codes.has(ending.code)) work.complain(`tells of ${ending.code}`);
    return `tells of ${ending.code}`;
  }
  if (ending.how !== 'fails') return ending.how;
  const { error } = ending;
  if (signal.aborted && error === signal.reason) return 'is aborted';
  if (error instanceof WorkflowError && codes.has(error.code)) return `fails with ${error.code}`;
  work.complain(`fails with ${error instanceof Error ? error.stack : error}`);
  return 'fails with something else';
};

/** A run whose every step has to end. */
const watchedRun = (work: Work, workflow: Workflow<string, unknown>, options: RunOptions): Run<unknown> => {
  const watched = run(workflow, inputOf(work), options);
  const steps = new Map<string, string>();
  watched.events.subscribe({
    next: ({ step, type, kind, name }) => {
      if (type === 'start') steps.set(step, `${kind} ${name}`);
      else if (!steps.has(step)) work.complain(`reports ${type} of ${kind} ${name}, which does not run`);
      if (type === 'complete' || type === 'error' || type === 'cancel') steps.delete(step);
    },
    complete: () => {
      for (const name of steps.values()) work.complain(`ends its run, and not its step ${name}`);
    },
  });
  return watched;
};

/** Waits until the server has seen that nobody reads any more, and rooms have seen everybody out. */
const clear = async (work: Work): Promise<void> => {
  for (const room of work.rooms) {
    const { waiting, running } = await firstValueFrom(room);
    if (waiting + running > 0) work.complain(`keeps ${waiting} waiting and ${running} running in a room`);
  }
  const start = performance.now();
  while (work.open > 0 && performance.now() - start < patience.close) await pause(5);
  if (work.open > 0) work.complain(`has ${work.open} requests open on the server: ${work.state}`);
};
