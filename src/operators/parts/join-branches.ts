import { catchError, concat, defer, EMPTY, from, map, mergeMap, type Observable, of, take, toArray } from 'rxjs';
import { redeliver } from '../../runtime/flow/redeliver.ts';
import type { Workflow } from '../../runtime/workflow.ts';
import { afterFirst } from './after-first.ts';
import type { FanOutSettings } from './check-fan-out.ts';

type Finish = readonly [name: string, value: unknown];

/** Gives one record of the branches that finish first, as many as are wanted; `workflows` give one value each. */
export const joinBranches =
  <I>({ workflows, wanted, concurrency, onError }: FanOutSettings<I>) =>
  (input: I): Observable<object> =>
    defer(() => {
      // A stand-in does not win while a branch that still runs may.
      const standIns: Finish[] = [];
      const finish = ([name, workflow]: readonly [string, Workflow<I, unknown>]): Observable<Finish> => {
        const finished = of(input).pipe(
          workflow,
          map((value) => [name, value] as const),
        );
        if (!Object.hasOwn(onError, name)) return finished;
        return finished.pipe(
          catchError(() => {
            standIns.push([name, onError[name]]);
            return EMPTY;
          }),
        );
      };
      const finishes = concat(
        from(workflows).pipe(mergeMap(finish, concurrency)),
        defer(() => standIns),
      );
      return afterFirst(finishes.pipe(take(wanted), toArray()), (winners = []) => {
        const values = new Map(winners);
        const inOrder = workflows.filter(([name]) => values.has(name));
        return of(Object.fromEntries(inOrder.map(([name]) => [name, values.get(name)]))).pipe(redeliver());
      });
    });
