import { mergeMap, Observable, type OperatorFunction, of } from 'rxjs';
import { redeliver } from '../runtime/flow/redeliver.ts';
import type { Workflow } from '../runtime/workflow.ts';
import type { AdmitOptions, AdmitState } from './parts/admit-options.ts';
import { checkAdmit } from './parts/check-admit.ts';
import { WaitingRoom } from './parts/waiting-room.ts';

/** A workflow behind a waiting room. */
export type Admitted<I, O> = OperatorFunction<I, O> & {
  /** How many inputs wait and are worked on: now, and at each change. */
  readonly state: Observable<AdmitState>;
};

/**
 * Puts a waiting room of a known size before a workflow.
 *
 * Take a number, sit down; when all chairs are taken, the door stays shut.
 *
 * ```text
 * source   -x-yz---------|
 * answers   ---a|
 *               ---b|
 *          admit(model, { capacity: 1, overflow: 'drop-newest' })
 * result   ----a---b-----|       y waits for x; there is no chair for z
 * ```
 *
 * What is made once is one room, whoever subscribes: a server makes it at its start and pipes each request through it.
 * Each subscriber gets the outputs of its own inputs alone, in the order in which they are admitted. One that leaves takes
 * its inputs along, those that wait too. With `'hold'` an input that fills the room holds whoever delivered it; where
 * nobody can be held, such as behind `of` or `delay`, inputs wait without bound. Of equal priority the first to come goes
 * first; a lower one may wait forever. A reader that holds an output keeps its place at work.
 *
 * @example
 * ```ts
 * const answers = admit(infer<string>(small), { concurrency: 4, capacity: 20, overflow: 'error' });
 * createServer((request, response) => serve(of(questionOf(request)).pipe(answers), response));
 * answers.state.subscribe(({ waiting, running }) => console.error(waiting, running));
 * ```
 *
 * @param workflow What is done with each input that is admitted.
 * @param options `capacity`, `concurrency`, `overflow` and `priority`.
 * @returns The workflow behind the room, and its `state`.
 * @throws TypeError, RangeError when it is made without a `capacity`, or with an option that is unknown or out of range.
 * @throws AdmissionError with `overflow: 'error'` to the subscriber whose input finds no room.
 */
export const admit = <I, O>(workflow: Workflow<I, O>, options: AdmitOptions<I>): Admitted<I, O> => {
  const { priority, ...settings } = checkAdmit(workflow, options);
  const room = new WaitingRoom(settings);
  const admitted: OperatorFunction<I, O> = (source) =>
    new Observable((subscriber) => {
      const enter = (input: I) => room.enter(subscriber, priority(input), () => of(input).pipe(workflow, redeliver()));
      source.pipe(mergeMap(enter)).subscribe(subscriber);
    });
  return Object.assign(admitted, { state: room.state });
};
