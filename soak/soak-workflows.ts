import { firstValueFrom } from 'rxjs';
import { type ChatReply, type ChatRequest, ChatServer } from '../test/support/chat-server.ts';
import { collect } from './collect.ts';
import { Ledger } from './ledger.ts';
import { Models } from './models.ts';
import { pause } from './pause.ts';
import { perform } from './perform.ts';
import { rehearse } from './rehearse.ts';

/** How much, and which. */
export type SoakOptions = {
  readonly seed: number;
  readonly workflows: number;
  /** How many are under way at once. Defaults to 32. */
  readonly concurrency?: number;
  /** Only this workflow. */
  readonly only?: number;
};

/** What a soak has seen. */
export type SoakReport = {
  readonly problems: readonly string[];
  readonly counts: { readonly [table: string]: { readonly [name: string]: number } };
  readonly requests: number;
  /** Bytes in use after a collection, at the end of each quarter. */
  readonly heaps: readonly number[];
  readonly seconds: number;
};

/** Bytes by which the heap may grow from the half to the end: what was compiled meanwhile, and no more for more workflows. */
const heapRise = 2e6;

/** Runs many workflows of mixed shape against a server that fails in every way, and gathers whatever goes wrong. */
export const soakWorkflows = async (options: SoakOptions): Promise<SoakReport> => {
  const start = performance.now();
  const ledger = new Ledger(options.seed);
  const server = await ChatServer.open((request) => replyTo(ledger, request));
  const models = new Models(ledger, server.url);
  const strays = watchStrays(ledger);
  const heaps: number[] = [];
  let requests = 0;
  try {
    const before = await calm(server);
    for (const numbers of quarters(options)) {
      await rehearseAll(ledger, models, numbers, options.concurrency);
      requests += server.requests.splice(0).length;
      compare(ledger, before, await calm(server));
      heaps.push(collect());
    }
    await lookAround(ledger, models, server);
    if (options.only === undefined) weigh(ledger, heaps);
  } finally {
    await server.close();
    strays();
  }
  const { problems, counts } = ledger;
  return { problems, counts, requests, heaps, seconds: (performance.now() - start) / 1000 };
};

const quarters = ({ workflows, only }: SoakOptions): readonly (readonly number[])[] => {
  const numbers = Array.from({ length: workflows }, (_, index) => index + 1);
  const quarterOf = (number: number) => Math.floor(((number - 1) * 4) / workflows);
  return [0, 1, 2, 3].map((quarter) =>
    numbers.filter((number) => quarterOf(number) === quarter && (only === undefined || only === number)),
  );
};

const rehearseAll = async (
  ledger: Ledger,
  models: Models,
  numbers: readonly number[],
  concurrency = 32,
): Promise<void> => {
  const next = numbers.values();
  const line = async () => {
    for (const number of next) await rehearse(ledger, models, number);
  };
  await Promise.all(Array.from({ length: concurrency }, line));
};

/** Takes note of errors that nobody handles. Gives what ends that. */
const watchStrays = ({ problems }: Ledger): (() => void) => {
  const stray = (error: unknown) => {
    problems.push(`nobody handles ${error instanceof Error ? error.stack : error}`);
  };
  const events = ['unhandledRejection', 'uncaughtException'] as const;
  for (const event of events) process.on(event, stray);
  return () => {
    for (const event of events) process.off(event, stray);
  };
};

type Resources = { readonly [name: string]: number };

/** What a workflow could leave behind; all else is of Node's own making. */
const kinds = ['TCPSocketWrap', 'Timeout', 'Immediate'];

const compare = ({ problems }: Ledger, before: Resources, after: Resources): void => {
  for (const name of kinds) {
    const rise = (after[name] ?? 0) - (before[name] ?? 0);
    if (rise > 0) problems.push(`${rise} more ${name} than at the start`);
  }
};

/** What compiles on the way weighs as well: of fewer than some hundred workflows this tells little. */
const weigh = ({ problems }: Ledger, heaps: readonly number[]): void => {
  const rise = (heaps.at(-1) as number) - (heaps[1] as number);
  if (rise > heapRise) problems.push(`the heap has grown by ${rise} bytes in the second half`);
};

const lookAround = async ({ problems }: Ledger, { places }: Models, server: ChatServer): Promise<void> => {
  if (server.open > 0) problems.push(`${server.open} connections stay open`);
  for (const state of places) {
    const { running, waiting } = await firstValueFrom(state);
    if (running + waiting > 0) problems.push(`a bulkhead keeps ${running} running and ${waiting} waiting`);
  }
};

/** Plays the script of a request. */
const replyTo = (ledger: Ledger, { body, closed }: ChatRequest): ChatReply => {
  const visit = ledger.visits.get(body?.seed);
  // Who asked has left while the request was on its way.
  if (visit === undefined) return { mute: true, ending: 'break' };
  const { work, script, chance, ill } = visit;
  work.open++;
  void closed.then(() => work.open--);
  const schema = body.response_format?.json_schema.schema;
  const { name, reply, outcome } = perform(script, schema?.properties?.answer !== undefined, ill, chance);
  visit.outcome = outcome;
  ledger.count('server', name);
  return reply;
};

/** Lets all that is ending end, and counts what is alive. */
const calm = async (server: ChatServer): Promise<Resources> => {
  for (let waits = 0; waits < 100; waits++) {
    server.closeIdle();
    await pause(10);
    if (server.open === 0 && waits > 5) break;
  }
  const counts: { [name: string]: number } = {};
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
};
