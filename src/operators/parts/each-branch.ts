import { catchError, from, identity, mergeMap, Observable, of, Subject, takeUntil, tap } from 'rxjs';
import { endOf } from '../../runtime/flow/end-of.ts';
import type { Workflow } from '../../runtime/workflow.ts';
import type { FanOutSettings } from './check-fan-out.ts';

type Value = { readonly branch: string; readonly value: unknown };

/** Gives the values of the branches as they come, until as many branches as are wanted have finished. */
export const eachBranch =
  <I>({ workflows, wanted, concurrency, onError }: FanOutSettings<I>) =>
  (input: I): Observable<Value> =>
    new Observable((subscriber) => {
      const enough = new Subject<void>();
      let finished = 0;
      const count = () => {
        if (++finished === wanted) enough.next();
      };
      const values = ([branch, workflow]: readonly [string, Workflow<I, unknown>]): Observable<Value> =>
        endOf(of(input).pipe(workflow), { next: (value) => subscriber.next({ branch, value }) }).pipe(
          wanted < workflows.length ? tap({ complete: count }) : identity,
          Object.hasOwn(onError, branch) ? catchError(() => of({ branch, value: onError[branch] })) : identity,
        );
      from(workflows).pipe(mergeMap(values, concurrency), takeUntil(enough)).subscribe(subscriber);
    });
