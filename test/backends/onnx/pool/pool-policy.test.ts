import { describe, expect, it } from 'vitest';
import { PoolPolicy } from '../../../../src/backends/onnx/pool/pool-policy.ts';
import type { Hold } from '../../../../src/backends/onnx/pool/resident.ts';

/** One request: `[when, model, how long it holds it]`; `ahead` asks for a preload, `leaves` gives up after that time. */
type Request = {
  readonly at: number;
  readonly model: string;
  readonly lasts?: number;
  readonly ahead?: boolean;
  readonly leaves?: number;
};

type World = {
  readonly budget: number;
  readonly stay?: number;
  readonly sizes: { readonly [model: string]: number };
  /** Milliseconds that loading takes; 100 where it is not said. Unloading takes 10. */
  readonly loads?: { readonly [model: string]: number };
  readonly requests: readonly Request[];
};

/** Lets a policy live through a table of requests, and gives what it had done: `time what model`. */
const live = ({ budget, stay, sizes, loads = {}, requests }: World): readonly string[] => {
  const policy = new PoolPolicy(budget, stay);
  const log: string[] = [];
  const agenda: { at: number; act: () => void }[] = [];
  const asked = new Map<Hold, Request>();
  let now = 0;
  let clock: number | undefined;
  const plan = (delay: number, act: () => void) => agenda.push({ at: now + delay, act });
  const say = (what: string) => log.push(`${now} ${what}`);

  const settle = () => {
    const { load, unload, grant, again } = policy.decide(now);
    clock = again;
    for (const key of load) {
      say(`load ${key}`);
      plan(loads[key] ?? 100, () => policy.loaded(key, now) && say(`loaded ${key}`));
    }
    for (const { key, for: other } of unload) {
      say(`evict ${key} for ${other}`);
      plan(10, () => policy.gone(key));
    }
    for (const hold of grant) {
      const { model, at, lasts = 0 } = asked.get(hold) as Request;
      say(`grant ${model}@${at}`);
      plan(lasts, () => policy.release(hold, now));
    }
    expect(policy.reserved).toBeLessThanOrEqual(budget);
  };

  for (const request of requests) {
    plan(request.at, () => {
      const { model, ahead, leaves } = request;
      const size = sizes[model] as number;
      const hold = ahead ? policy.wantAhead(model, size, now) : policy.want(model, size, now);
      if (hold === undefined) say(`no room ahead for ${model}`);
      else asked.set(hold, request);
      if (hold && leaves !== undefined) plan(leaves, () => policy.release(hold, now));
    });
  }
  for (let steps = 0; agenda.length > 0 || clock !== undefined; steps++) {
    if (steps > 10_000) throw new Error('Expected an end, found none');
    agenda.sort((one, other) => one.at - other.at);
    const [next] = agenda;
    if (next === undefined || (clock !== undefined && clock < next.at)) now = clock as number;
    else {
      now = next.at;
      agenda.shift()?.act();
    }
    settle();
  }
  return log;
};

const sizes = { a: 6, b: 6, c: 3, d: 3 };

describe('the policy of a pool', () => {
  it('loads a model once for all who ask, and grants it at once from then on', () => {
    const requests = [
      { at: 0, model: 'a', lasts: 50 },
      { at: 10, model: 'a', lasts: 50 },
      { at: 200, model: 'a', lasts: 50 },
    ];
    expect(live({ budget: 10, sizes, requests })).toEqual([
      '0 load a',
      '100 loaded a',
      '100 grant a@0',
      '100 grant a@10',
      '200 grant a@200',
    ]);
  });

  it('loads models side by side where both fit', () => {
    const requests = [
      { at: 0, model: 'a' },
      { at: 10, model: 'c' },
    ];
    expect(live({ budget: 10, sizes, requests })).toEqual([
      '0 load a',
      '10 load c',
      '100 loaded a',
      '100 grant a@0',
      '110 loaded c',
      '110 grant c@10',
    ]);
  });

  it('never holds up a request to a loaded model while another loads', () => {
    const requests = [
      { at: 0, model: 'a', lasts: 10 },
      { at: 200, model: 'c' },
      { at: 210, model: 'a' },
    ];
    expect(live({ budget: 10, sizes, requests })).toContain('210 grant a@210');
  });

  it('evicts an idle model for one that does not fit beside it, and loads once the memory is free', () => {
    const requests = [
      { at: 0, model: 'a', lasts: 10 },
      { at: 1000, model: 'b' },
    ];
    expect(live({ budget: 10, sizes, requests }).slice(2)).toEqual([
      '100 grant a@0',
      '1000 evict a for b',
      '1010 load b',
      '1110 loaded b',
      '1110 grant b@1000',
    ]);
  });

  it('waits while every model is in use, and lets in those who wait in their order', () => {
    const requests = [
      { at: 0, model: 'a', lasts: 2000 },
      { at: 300, model: 'b', lasts: 10 },
      { at: 310, model: 'c', lasts: 10 },
    ];
    expect(live({ budget: 8, sizes, requests }).slice(2)).toEqual([
      '100 grant a@0',
      '2100 evict a for b',
      '2110 load b',
      '2210 loaded b',
      '2210 grant b@300',
      '2710 evict b for c',
      '2720 load c',
      '2820 loaded c',
      '2820 grant c@310',
    ]);
  });

  it('lets go of what is cheapest to bring back, and of that only as much as is needed', () => {
    const requests = [
      { at: 0, model: 'c' },
      { at: 0, model: 'd' },
      { at: 0, model: 'e' },
      { at: 10_000, model: 'f' },
    ];
    const world = { budget: 10, sizes: { c: 3, d: 3, e: 3, f: 3 }, loads: { c: 900, d: 200, e: 700 }, requests };
    expect(live(world).filter((line) => line.includes('evict'))).toEqual(['10000 evict d for f']);
    const large = { ...world, sizes: { c: 3, d: 2, e: 5, f: 5 } };
    // The cheapest alone is too small, and the next one makes it needless.
    expect(live(large).filter((line) => line.includes('evict'))).toEqual(['10000 evict e for f']);
  });

  it('prefers what has been idle for long over what was just used', () => {
    const requests = [
      { at: 0, model: 'c' },
      { at: 0, model: 'd' },
      { at: 9900, model: 'c' },
      { at: 10_000, model: 'b' },
    ];
    const log = live({ budget: 10, sizes, loads: { c: 100, d: 400 }, requests });
    expect(log.filter((line) => line.includes('evict'))).toEqual(['10000 evict d for b']);
  });

  it('keeps two models in turns from spending their time loading', () => {
    // Both are asked every 20 ms for two seconds.
    const requests = Array.from({ length: 100 }, (_, turn) => [
      { at: turn * 20, model: 'a', lasts: 5 },
      { at: turn * 20 + 10, model: 'b', lasts: 5 },
    ]).flat();
    const log = live({ budget: 10, sizes, requests });
    expect(log.filter((line) => line.includes('grant'))).toHaveLength(200);
    expect(log.filter((line) => line.includes(' load ')).length).toBeLessThanOrEqual(7);
    const thrash = live({ budget: 10, stay: 0, sizes, requests });
    expect(thrash.filter((line) => line.includes(' load ')).length).toBeGreaterThan(12);
  });

  it('lets a model stay as long as its loading took', () => {
    const requests = [
      { at: 0, model: 'a' },
      { at: 10, model: 'b' },
    ];
    expect(live({ budget: 10, sizes, loads: { a: 3000 }, requests })).toContain('6000 evict a for b');
    expect(live({ budget: 10, sizes, loads: { a: 30 }, requests })).toContain('530 evict a for b');
  });

  it('makes a model in constant use give way to who has waited as long as it stays', () => {
    // Requests for a overlap without a gap.
    const steady = Array.from({ length: 100 }, (_, turn) => ({ at: turn * 40, model: 'a', lasts: 100 }));
    const log = live({ budget: 10, sizes, requests: [...steady, { at: 1001, model: 'b' }] });
    const evicted = log.findIndex((line) => line.endsWith('evict a for b'));
    const time = Number.parseInt(log[evicted] as string, 10);
    expect(time).toBeGreaterThanOrEqual(1501);
    expect(time).toBeLessThanOrEqual(1601);
    // Who asked for it meanwhile has it back afterwards.
    expect(log.filter((line) => line.includes('grant a'))).toHaveLength(100);
  });

  it('goes on with a model in use where who waited for its room leaves', () => {
    const steady = Array.from({ length: 50 }, (_, turn) => ({ at: turn * 40, model: 'a', lasts: 100 }));
    const log = live({ budget: 10, sizes, requests: [...steady, { at: 1001, model: 'b', leaves: 520 }] });
    expect(log.filter((line) => line.includes('evict'))).toEqual([]);
    expect(log.filter((line) => line.includes('grant a'))).toHaveLength(50);
  });

  it('gives a place in the line back at once', () => {
    const requests = [
      { at: 0, model: 'a', lasts: 2000 },
      { at: 300, model: 'b', leaves: 500 },
      { at: 400, model: 'c' },
    ];
    expect(live({ budget: 9, sizes, requests })).toContain('800 load c');
  });

  it('gives the room of a loading model back to who waits where nobody wants it any more', () => {
    const requests = [
      { at: 0, model: 'a', leaves: 40 },
      { at: 20, model: 'b' },
    ];
    expect(live({ budget: 10, sizes, requests })).toEqual([
      '0 load a',
      '40 evict a for b',
      '50 load b',
      '150 loaded b',
      '150 grant b@20',
    ]);
  });

  it('finishes a loading that nobody wants any more where nobody needs its room', () => {
    const requests = [
      { at: 0, model: 'a', leaves: 40 },
      { at: 200, model: 'a' },
    ];
    expect(live({ budget: 10, sizes, requests })).toEqual(['0 load a', '100 loaded a', '200 grant a@200']);
  });

  it('loads ahead only where nothing has to give way and nobody waits', () => {
    const ahead = (at: number, model: string) => ({ at, model, ahead: true });
    expect(live({ budget: 10, sizes, requests: [ahead(0, 'a'), ahead(10, 'b'), ahead(20, 'c')] })).toEqual([
      '0 load a',
      '10 no room ahead for b',
      '20 load c',
      '100 loaded a',
      '100 grant a@0',
      '120 loaded c',
      '120 grant c@20',
    ]);
    const waiting = [{ at: 0, model: 'a', lasts: 500 }, { at: 10, model: 'b' }, ahead(20, 'c')];
    expect(live({ budget: 10, sizes, requests: waiting })).toContain('20 no room ahead for c');
  });

  it('lets what was loaded ahead and never used go without a stay', () => {
    const requests = [
      { at: 0, model: 'a', ahead: true },
      { at: 150, model: 'b' },
    ];
    expect(live({ budget: 10, sizes, requests })).toContain('150 evict a for b');
  });

  it('loads a model again that is wanted while it leaves', () => {
    const requests = [
      { at: 0, model: 'a' },
      { at: 1000, model: 'b' },
      { at: 1005, model: 'a' },
    ];
    expect(live({ budget: 10, sizes, requests }).slice(3)).toEqual([
      '1000 evict a for b',
      '1010 load b',
      '1110 loaded b',
      '1110 grant b@1000',
      '1610 evict b for a',
      '1620 load a',
      '1720 loaded a',
      '1720 grant a@1005',
    ]);
  });

  it('answers everybody and keeps to the budget, whatever comes', () => {
    let seed = 7;
    const random = (most: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % most;
    };
    for (let round = 0; round < 30; round++) {
      const requests = Array.from({ length: 60 }, () => ({
        at: random(4000),
        model: 'abcd'[random(4)] as string,
        lasts: random(400),
        ...(random(4) === 0 && { leaves: random(600) }),
      }));
      const log = live({ budget: 6 + random(8), sizes, requests });
      const stay = requests.filter(({ leaves }) => leaves === undefined);
      for (const { model, at } of stay) expect(log.some((line) => line.endsWith(`grant ${model}@${at}`))).toBe(true);
    }
  });

  it('takes new requests at once again to a model that was to give way, once nobody wants its room', () => {
    const policy = new PoolPolicy(9, 100);
    policy.want('a', 3, 0);
    policy.want('d', 6, 0);
    policy.decide(0);
    for (const key of ['a', 'd']) policy.loaded(key, 1);
    policy.decide(1);
    const other = policy.want('b', 3, 200);
    policy.decide(300);
    policy.release(other, 310);
    // Somebody waits again, but not for long enough yet.
    policy.want('e', 9, 320);
    policy.decide(330);
    const again = policy.want('a', 3, 340);
    expect(policy.decide(340).grant).toEqual([again]);
  });

  it('lets in first who has wanted a model for longest, however late it was known what it takes', () => {
    const policy = new PoolPolicy(6);
    policy.want('a', 6, 0);
    policy.decide(0);
    policy.want('b', 6, 5);
    policy.want('c', 6, 3);
    expect(policy.standings.map(({ key }) => key)).toEqual(['a', 'c', 'b']);
  });

  it('has nobody else leave while enough is on its way out', () => {
    const policy = new PoolPolicy(6, 0);
    for (const key of ['c', 'd']) policy.want(key, 3, 0);
    policy.decide(0);
    for (const key of ['c', 'd']) policy.loaded(key, 1);
    const held = policy.decide(1).grant;
    for (const hold of held) policy.release(hold, 2);
    policy.want('e', 3, 3);
    expect(policy.decide(3).unload).toHaveLength(1);
    expect(policy.decide(4).unload).toEqual([]);
  });

  it('has an idle model leave only together with the one in use that has to leave too', () => {
    const requests = [
      { at: 0, model: 'a', lasts: 2000 },
      { at: 0, model: 'c', lasts: 10 },
      { at: 1000, model: 'e', lasts: 10 },
    ];
    const log = live({ budget: 9, stay: 100, sizes: { ...sizes, e: 9 }, requests });
    expect(log.filter((line) => line.includes('evict'))).toEqual(['2100 evict c for e', '2100 evict a for e']);
  });

  it('lets a model stay that was used, though it is only wanted ahead now', () => {
    const requests = [
      { at: 0, model: 'a' },
      { at: 150, model: 'a', ahead: true },
      { at: 200, model: 'b' },
    ];
    expect(live({ budget: 10, sizes, requests })).toContain('600 evict a for b');
  });

  it('tells of a model that is gone who waited for it, and not who had it', () => {
    const policy = new PoolPolicy(6);
    policy.want('a', 6, 0);
    policy.decide(0);
    policy.loaded('a', 1);
    policy.decide(1);
    const late = policy.want('a', 6, 2);
    expect(policy.gone('a')).toEqual([late]);
  });

  it('says where each model stands', () => {
    const policy = new PoolPolicy(10);
    const hold = policy.want('a', 6, 0);
    policy.want('b', 6, 1);
    policy.decide(1);
    expect(policy.standings).toEqual([
      { key: 'a', state: 'loading', holds: 1 },
      { key: 'b', state: 'waiting', holds: 1 },
    ]);
    policy.loaded('a', 2);
    policy.release(hold, 3);
    expect(policy.standings[0]).toEqual({ key: 'a', state: 'idle', holds: 0 });
    expect(policy.reserved).toBe(6);
    expect(policy.clear()).toEqual(['a']);
    expect(policy.standings).toEqual([{ key: 'a', state: 'unloading', holds: 0 }]);
    policy.gone('a');
    expect(policy.reserved).toBe(0);
  });
});
