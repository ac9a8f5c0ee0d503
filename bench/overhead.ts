import { type Backend, type InferenceEvent, infer, run } from 'millrace';
import { concatMap, last, Observable, type OperatorFunction, of } from 'rxjs';
import { bareSix } from './bare-six.ts';
import { median } from './median.ts';
import { ourSix } from './our-six.ts';
import type { Report } from './report.ts';

const tokens = 200_000;
const rounds = 15;

const token: InferenceEvent = { type: 'token', text: 'word ', request: 'bench', attempt: 1 };
const finish: InferenceEvent = {
  type: 'finish',
  request: 'bench',
  attempt: 1,
  reason: 'stop',
  messages: [{ role: 'assistant', content: '' }],
  usage: { input: 0, cached: 0, output: tokens },
  timing: { queue: 0, load: 0, firstToken: 0, total: 0 },
  served: { backend: 'bench', model: 'bench', location: 'device' },
  constraint: 'none',
};

/** Makes tokens as fast as they are taken. */
const producer = new Observable<InferenceEvent>((subscriber) => {
  for (let i = 0; i < tokens && !subscriber.closed; i++) subscriber.next(token);
  subscriber.next(finish);
  subscriber.complete();
});

const backend: Backend = { id: 'bench', infer: () => producer };

const ours = ourSix(backend);
const bare = bareSix(() => producer);

/** The same in a run whose events are read. */
const watched: OperatorFunction<string, unknown> = concatMap((input) => {
  const running = run(ours, input);
  running.events.subscribe();
  return running;
});

/** One operator of ours, beside the one that stands for it. */
const oursOne: OperatorFunction<string, unknown> = infer(backend);
const bareOne: OperatorFunction<string, unknown> = concatMap(() => producer);

const nanosecondsPerToken = async (workflow: OperatorFunction<string, unknown>): Promise<number> => {
  const start = process.hrtime.bigint();
  await new Promise<void>((resolve, reject) => {
    of('question').pipe(workflow, last()).subscribe({ complete: resolve, error: reject });
  });
  return Number(process.hrtime.bigint() - start) / tokens;
};

/** The time that a token takes from a synchronous producer to its reader, beside bare RxJS; interleaved rounds. */
export const overhead = async (report: Report): Promise<void> => {
  const cases = [
    { name: 'six operators', mine: ours, theirs: bare },
    { name: 'six operators in a run', mine: watched, theirs: bare },
    { name: 'infer alone', mine: oursOne, theirs: bareOne },
  ];
  for (const { name, mine, theirs } of cases) {
    const times: { mine: number; theirs: number }[] = [];
    for (let round = -3; round < rounds; round++) {
      const time = { mine: await nanosecondsPerToken(mine), theirs: await nanosecondsPerToken(theirs) };
      if (round >= 0) times.push(time);
    }
    report({
      bench: 'overhead',
      case: `per token, ${name}`,
      ours: median(times.map((time) => time.mine)),
      peer: median(times.map((time) => time.theirs)),
      peerName: 'bare RxJS',
      unit: 'ns',
    });
  }
};
