import { type Backend, callTools, inferText, type Message, type ToolCall, tool } from 'millrace';
import { onnx } from 'millrace/onnx';
import { catchError, EMPTY, lastValueFrom, of, takeWhile } from 'rxjs';
import { bfcl, type Case, hasBfcl, isRight } from './bfcl.ts';
import type { Report } from './report.ts';

const sets = [
  { set: 'simple_python', count: 80 },
  { set: 'multiple', count: 60 },
] as const;

/**
 * The embedded model through `callTools` on function-calling questions, beside the same model in free text, which is
 * asked in words for a JSON object: how many calls are right.
 */
export const tools = async (report: Report): Promise<void> => {
  if (!hasBfcl()) return console.error('skipped: ../shared/outside/bfcl is not here');
  const model = onnx();
  for (const { set, count } of sets) {
    const cases = bfcl(set, count);
    const tally = { valid: 0, named: 0, right: 0, freeParsed: 0, freeRight: 0 };
    const start = performance.now();
    for (const each of cases) {
      const call = await constrainedCall(model, each);
      if (call) tally.valid++;
      if (call && Object.hasOwn(each.gold, call.name)) tally.named++;
      if (call && isRight(each.gold, call)) tally.right++;
    }
    const perCall = (performance.now() - start) / cases.length;
    for (const each of cases) {
      const call = await freeCall(model, each);
      if (call) tally.freeParsed++;
      if (call && isRight(each.gold, call)) tally.freeRight++;
    }
    const row = (name: string, ours: number, peer: number | null, unit: string) =>
      report({
        bench: 'tools',
        case: `${set}, ${name}`,
        ours,
        peer,
        peerName: peer === null ? null : 'free text',
        unit,
      });
    row('calls that reach execute', tally.valid, tally.freeParsed, `of ${count}`);
    row('right function', tally.named, null, `of ${count}`);
    row('right call', tally.right, tally.freeRight, `of ${count}`);
    row('time per call', perCall, null, 'ms');
  }
};

/** The first call that reaches `execute`: it has passed the validator. */
const constrainedCall = async (model: Backend, { question, tools }: Case): Promise<ToolCall | undefined> => {
  let reached: ToolCall | undefined;
  const listed = tools.map((definition) =>
    tool({
      ...definition,
      execute: (_, { call }) => {
        reached ??= call;
        return 'done';
      },
    }),
  );
  const events = of(question).pipe(
    callTools(model, listed, { toolChoice: 'required', repairs: 0, maxRounds: 1, maxTokens: 512 }),
    takeWhile(({ type }) => type !== 'tool-result'),
    catchError(() => EMPTY),
  );
  await lastValueFrom(events, { defaultValue: undefined });
  return reached;
};

const freeCall = async (model: Backend, { question, tools }: Case): Promise<ToolCall | undefined> => {
  const functions = JSON.stringify(
    tools.map(({ name, description, parameters }) => ({ name, description, parameters })),
  );
  const ask = (content: string): Message[] => [
    {
      role: 'system',
      content: `Answer with one call of one of these functions, as JSON {"name": …, "arguments": {…}}:\n${functions}`,
    },
    { role: 'user', content },
  ];
  const answer = await lastValueFrom(of(question).pipe(inferText(model, ask, { maxTokens: 128 })));
  try {
    const { name, arguments: given } = JSON.parse(answer.replaceAll(/^[^{]*|[^}]*$/g, ''));
    return { id: 'free', name, arguments: given };
  } catch {
    return undefined;
  }
};
