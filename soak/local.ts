import { type Backend, BackendError, type InferenceRequest } from 'millrace';
import { type ScriptedEvent, scripted } from 'millrace/testing';
import { concat, concatMap, from, map, NEVER, type Observable, throwError, timer } from 'rxjs';
import type { Ledger, Visit } from './ledger.ts';

/** A model on this machine, which plays what the ledger has for a request, well or badly. */
export const local = (ledger: Ledger, id: string, continues: boolean): Backend => {
  const play = ({ seed = 0 }: InferenceRequest): Observable<ScriptedEvent> => {
    const visit = ledger.visits.get(seed) as Visit;
    const { script, chance, ill } = visit;
    const events: readonly ScriptedEvent[] = [
      ...script.words,
      ...script.calls.map((call, index) => ({
        type: 'tool-call' as const,
        call: { id: `call-${script.number}-${index}`, ...call },
      })),
    ];
    const served = { backend: id, model: `model-${script.number}`, location: 'device' } as const;
    const finish = { type: 'finish', served, ...(script.cut && { reason: 'length' as const }) } as const;
    const most = chance.pick([0, 0, 5, 20]);
    const paced = (some: readonly ScriptedEvent[]) =>
      most === 0
        ? from(some)
        : from(some).pipe(concatMap((event) => timer(chance.between(0, most)).pipe(map(() => event))));

    if (!chance.of(ill)) {
      visit.outcome = 'well';
      ledger.count('local', 'well');
      return paced([...events, finish]);
    }
    const beginning = paced(events.slice(0, chance.between(0, events.length)));
    if (chance.of(0.2)) {
      visit.outcome = 'never';
      ledger.count('local', 'silence');
      return concat(beginning, NEVER);
    }
    const retryable = chance.of(0.7);
    visit.outcome = { retryable };
    ledger.count('local', retryable ? 'a failure that passes' : 'a failure that stays');
    return concat(
      beginning,
      throwError(() => new BackendError(`${id} is ill`, { backend: id, retryable })),
    );
  };
  // One for each request: it remembers whatever it was asked.
  const player = () => scripted(play, { id, continues });
  return { ...player(), infer: (request) => player().infer(request) };
};
