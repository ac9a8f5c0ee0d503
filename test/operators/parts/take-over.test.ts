import {
  BackendError,
  callTools,
  type FinishEvent,
  fallback,
  hold,
  type InferenceEvent,
  type InferenceRequest,
  infer,
  type Message,
  type OnPartial,
  PartialError,
  type ToolCall,
  type ToolContext,
  text,
  tool,
  type WithFallbackOptions,
  withFallback,
} from 'millrace';
import { type ScriptedBackend, type ScriptedEvent, scripted } from 'millrace/testing';
import { type Observable, of, Subject, takeUntil } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { failure } from '../../support/failure.ts';
import { outcome } from '../../support/outcome.ts';
import { paced } from '../../support/paced.ts';
import { randomNumbers } from '../../support/random-numbers.ts';

const modes: readonly OnPartial[] = ['fail', 'retract', 'continue', 'hold'];

/** Draws by chance, the same for the same seed. */
const dice = (seed: number) => {
  const random = randomNumbers(seed);
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  const pick = <T>(values: readonly T[]): T => values[upTo(values.length - 1)] as T;
  return { chance: (share: number) => random() < share, upTo, pick };
};
type Dice = ReturnType<typeof dice>;

/** What a reader of events makes of them: the text and the calls that stand, for each request that is not finished. */
const reader = () => {
  const open = new Map<string, { text: string; calls: ToolCall[] }>();
  let answer = { text: '', calls: [] as ToolCall[] };
  const read = (event: InferenceEvent): void => {
    const { type, request } = event;
    const now = open.get(request) ?? { text: '', calls: [] };
    open.set(request, now);
    if (type === 'token') now.text += event.text;
    if (type === 'tool-call') now.calls.push(event.call);
    if (type === 'finish') answer = now;
    if (type === 'tool-result' || type === 'retract' || type === 'finish') open.delete(request);
  };
  const texts = () => [...open.values()].map(({ text }) => text).join('');
  return { read, texts, answer: () => answer };
};

/** The text of a script that stands at its end. */
const standing = (script: readonly ScriptedEvent[]): string =>
  script.reduce<string>((said, event) => {
    if (typeof event === 'string') return said + event;
    return event.type === 'retract' ? '' : said;
  }, '');

let calls = 0;

/** Words, thoughts, calls of a tool and retractions. */
const randomScript = (name: string, { chance, upTo }: Dice): readonly ScriptedEvent[] => {
  const script: ScriptedEvent[] = [];
  for (let word = upTo(8); word > 0; word--) {
    if (chance(0.1)) script.push({ type: 'reasoning', text: 'hm ' });
    if (chance(0.05)) script.push({ type: 'retract' });
    script.push(`${name}${word} `);
  }
  const call = { id: `call-${++calls}`, name: 'look', arguments: {} };
  const delta = { type: 'tool-call-delta', index: 0, tool: 'look', arguments: '{}' } as const;
  return chance(0.25) ? [...script, delta, { type: 'tool-call', call }] : script;
};

type Member = ScriptedBackend & { readonly scripts: (readonly ScriptedEvent[])[] };

/** A backend that fails now and then, at any place. Once a tool has given its result, it answers in words. */
const randomMember = (id: string, draw: Dice, breaks: number): Member => {
  const scripts: (readonly ScriptedEvent[])[] = [];
  const script = ({ messages }: InferenceRequest): Observable<ScriptedEvent> => {
    const told = messages.at(-1)?.role === 'tool';
    const whole = randomScript(id, draw).filter((event) => !told || typeof event === 'string');
    const broken = draw.chance(breaks);
    const played = broken ? whole.slice(0, draw.upTo(whole.length)) : whole;
    scripts.push(played);
    return paced(played, broken ? failure({ retryable: !draw.chance(0.1) }) : undefined);
  };
  return Object.assign(scripted(script, { id, continues: draw.chance(0.7) }), { scripts });
};

const randomOptions = ({ chance, upTo, pick }: Dice): WithFallbackOptions => {
  const onPartial = pick(modes);
  return { onPartial, ...(onPartial === 'hold' && chance(0.7) && { tokens: 1 + upTo(6) }) };
};

/** Three backends, one behind the other, in either of the two ways to nest them. */
const randomChain = (draw: Dice) => {
  const [a, b, c] = ['a', 'b', 'c'].map((id) => randomMember(id, draw, id === 'c' ? 0.2 : 0.7)) as [
    Member,
    Member,
    Member,
  ];
  const [inner, outer] = [randomOptions(draw), randomOptions(draw)];
  const right = draw.chance(0.5);
  const model = right
    ? withFallback(a, withFallback(b, c, inner), outer)
    : withFallback(withFallback(a, b, inner), c, outer);
  return { model, members: [a, b, c], modes: [inner, outer], right };
};

/** Reads to the end, and holds now and then on the way. */
const readAll = (events: Observable<InferenceEvent>, { chance, upTo }: Dice) => {
  const values: InferenceEvent[] = [];
  const releases: (() => void)[] = [];
  const holding = chance(0.5) ? 0.4 : 0;
  let end: { readonly error?: unknown } | undefined;
  events.subscribe({
    next: (event) => {
      values.push(event);
      if (chance(holding)) releases.push(hold());
    },
    error: (error) => {
      end = { error };
    },
    complete: () => {
      end = {};
    },
  });
  while (releases.length > 0) releases.splice(upTo(releases.length - 1), 1)[0]?.();
  if (end === undefined) throw new Error('Expected an answer that ends, received one that goes on');
  return { values, ...end };
};

/** Asserts that what the reader makes of an answer is the answer. Gives how it ended. */
const checkAnswer = (values: readonly InferenceEvent[], error: unknown): FinishEvent | undefined => {
  const { read, texts, answer } = reader();
  for (const event of values) read(event);
  const attempts = values.map(({ attempt }) => attempt);
  expect(attempts).toEqual([...attempts].sort((one, other) => one - other));
  if (error !== undefined) {
    if (error instanceof PartialError) expect(error.text).toBe(texts());
    else expect(error).toBeInstanceOf(BackendError);
    return undefined;
  }
  const finish = values.at(-1) as FinishEvent;
  expect(values.filter(({ type }) => type === 'finish')).toEqual([finish]);
  const message = finish.messages.at(-1) as Message & { role: 'assistant' };
  expect(answer()).toEqual({ text: message.content, calls: message.toolCalls ?? [] });
  expect(outcome(of(...values).pipe(text())).values).toEqual([message.content]);
  return finish;
};

const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed + 1);

describe('taking over', () => {
  it('leaves the reader with the final answer, whatever fails where and in every mode', () => {
    const ends = { finish: 0, partial: 0, error: 0, late: 0 };
    for (const seed of seeds(4000)) {
      const draw = dice(seed);
      const { model, members, modes, right } = randomChain(draw);
      const request: InferenceRequest = { id: `${seed}`, messages: [{ role: 'user', content: 'What?' }] };
      const { values, error } = readAll(model.infer(request), draw);
      const finish = checkAnswer(values, error);
      if (finish === undefined) {
        ends[error instanceof PartialError ? 'partial' : 'error']++;
        continue;
      }
      ends.finish++;
      if (finish.attempt > 1) ends.late++;
      const server = members.find(({ id }) => id === finish.served.backend) as Member;
      const { prefix = '' } = server.requests[0] as InferenceRequest;
      expect(finish.messages).toMatchObject([
        ...request.messages,
        { content: prefix + standing(server.scripts[0] ?? []) },
      ]);
      const asked = members.filter(({ requests }) => requests.length > 0);
      const written = asked.flatMap(({ scripts }) => scripts.flat());
      const isOutput = (event: ScriptedEvent) => typeof event === 'string' || event.type === 'reasoning';
      // What a chain dropped before it failed altogether, nobody outside has seen.
      if (right) expect(finish.usage.output).toBe(written.filter(isOutput).length);
      expect(members.every(({ requests }) => requests.length <= 1)).toBe(true);
      const quiet = modes.every(({ onPartial, tokens }) => onPartial === 'hold' && tokens === undefined);
      const retracted = written.some((event) => typeof event !== 'string' && event.type === 'retract');
      if (quiet && !retracted) expect(values.some(({ type }) => type === 'retract')).toBe(false);
    }
    // None of these ends is a rare one.
    for (const count of Object.values(ends)) expect(count).toBeGreaterThan(100);
  });

  it('leaves the reader of a tool loop with the final answer, and runs each call once', () => {
    let looped = 0;
    for (const seed of seeds(1500)) {
      const draw = dice(seed);
      const { model, members } = randomChain(draw);
      const ran: string[] = [];
      const execute = (_: unknown, { call }: ToolContext) => {
        ran.push(call.id);
        return 'a reef';
      };
      const look = tool({ name: 'look', parameters: { type: 'object' }, execute });
      const { values, error } = readAll(of('What?').pipe(callTools(model, [look])), draw);
      expect(new Set(ran).size).toBe(ran.length);
      const results = values.flatMap((event) => (event.type === 'tool-result' ? [event.call.id] : []));
      expect(results).toEqual(ran);
      const rounds = values.filter(({ type }) => type === 'tool-result').length;
      if (rounds === 0 || error !== undefined) continue;
      looped++;
      const last = values.at(-1) as FinishEvent;
      checkAnswer(
        values.filter(({ request }) => request === last.request),
        undefined,
      );
      // Who took over keeps the loop, unless it fails.
      const second = members.map(({ requests }) => requests.filter(({ messages }) => messages.length > 1).length);
      expect(second.reduce((sum, count) => sum + count)).toBeGreaterThan(0);
    }
    expect(looped).toBeGreaterThan(100);
  });

  it('leaves the reader of a workflow with the final answer', () => {
    for (const seed of seeds(1500)) {
      const draw = dice(seed);
      const look = tool({ name: 'look', parameters: { type: 'object' }, execute: () => 'a reef' });
      const [first, second] = [randomMember('a', draw, 0.7), randomMember('b', draw, 0.2)];
      const onPartial = draw.pick(['fail', 'retract', 'hold'] as const);
      const workflow = fallback(callTools<string>(first, [look]), callTools(second, [look]), { onPartial });
      const { values, error } = readAll(of('What?').pipe(workflow), draw);
      const { read, texts } = reader();
      for (const event of values) read(event);
      if (error instanceof PartialError) expect(error.text).toBe(texts());
      if (error !== undefined) continue;
      const finish = values.at(-1) as FinishEvent;
      expect(texts()).toBe('');
      expect(outcome(of(...values).pipe(text())).values).toEqual([finish.messages.at(-1)?.content]);
    }
  });

  it('starts nothing and says nothing once its reader has left, wherever it is', () => {
    for (const seed of seeds(1000)) {
      const draw = dice(seed);
      const { model, members } = randomChain(draw);
      const most = 1 + draw.upTo(12);
      const values: InferenceEvent[] = [];
      let asked = 0;
      const leave = new Subject<void>();
      const begun = () => members.reduce((sum, { requests }) => sum + requests.length, 0);
      const releases: (() => void)[] = [];
      of('What?')
        .pipe(infer(model), takeUntil(leave))
        .subscribe({
          next: (event) => {
            releases.push(hold());
            if (values.push(event) < most) return;
            leave.next();
            asked = begun();
          },
          error: () => {},
        });
      while (releases.length > 0) releases.shift()?.();
      expect(values.length).toBeLessThanOrEqual(most);
      if (values.length === most) expect(begun()).toBe(asked);
    }
  });

  it.each<[OnPartial, readonly string[]]>([
    ['retract', ['a', 'b', 'retract', 'c', 'd', 'finish']],
    ['continue', ['a', 'b', 'c', 'd', 'finish']],
    ['hold', ['c', 'd', 'finish']],
  ])('holds the producer that is at work, with %j', (onPartial, expected) => {
    const [first, second]: [string[], string[]] = [[], []];
    const model = withFallback(
      scripted(() => paced(['a', 'b'], failure(), first)),
      scripted(() => paced(['c', 'd'], undefined, second), { continues: true }),
      { onPartial },
    );
    const seen: string[] = [];
    let release: () => void = () => {};
    of('?')
      .pipe(infer(model))
      .subscribe((event) => {
        seen.push(event.type === 'token' ? event.text : event.type);
        release = hold();
      });
    const made: string[] = [];
    for (let step = 1; step <= expected.length; step++) {
      expect(seen).toEqual(expected.slice(0, step));
      made.push(`${first.length} ${second.length}`);
      release();
    }
    expect(made).toEqual(
      {
        retract: ['1 0', '2 0', '2 0', '2 1', '2 2', '2 2'],
        continue: ['1 0', '2 0', '2 1', '2 2', '2 2'],
        hold: ['2 1', '2 2', '2 2'],
      }[onPartial as 'retract'],
    );
  });

  it('hands on what was held back one by one', () => {
    const made: string[] = [];
    const model = withFallback(
      scripted(() => paced(['a', 'b', 'c', 'd', 'e'], undefined, made)),
      scripted(''),
      { onPartial: 'hold', tokens: 3 },
    );
    const seen: string[] = [];
    let release = () => {};
    of('?')
      .pipe(infer(model))
      .subscribe((event) => {
        seen.push(event.type === 'token' ? event.text : event.type);
        release = hold();
      });
    const steps: string[] = [];
    for (let step = 0; step < 6; step++) {
      steps.push(`${seen.join('')} ${made.length}`);
      release();
    }
    expect(steps).toEqual(['a 3', 'ab 3', 'abc 3', 'abcd 4', 'abcde 5', 'abcdefinish 5']);
  });
});
