import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { beginSequence } from './begin-sequence.ts';
import { Demand } from './demand.ts';
import { Engine, type StepOutput } from './engine.ts';
import { type LoadedModel, loadModel } from './load-model.ts';
import { NativeGate } from './native-gate.ts';
import { plainError } from './plain-error.ts';
import { PrefixCache } from './prefix-cache.ts';
import type { WorkerEnd, WorkerOrder, WorkerOutput, WorkerReport, WorkerStart } from './worker-protocol.ts';

const port = parentPort as MessagePort;
const { options, gate } = workerData as WorkerStart;

const tell = (report: WorkerReport): void => port.postMessage(report);

/** Answers requests with a loaded model. Orders come in between two steps. */
const serve = (model: LoadedModel): void => {
  const engine = new Engine(model.runner, new PrefixCache(model.plan.prefixTokens), model.plan);
  /** The requests without an end, and whether their answers are held to their schema. */
  const open = new Map<number, boolean>();
  let running = false;
  let leaves = false;

  const output = ({ id, events, usage, end }: StepOutput): WorkerOutput => {
    const enforced = open.get(id) ?? false;
    if (end) open.delete(id);
    return { id, events, ...(usage && { usage }), ...(end && { end: toEnd(end, enforced) }) };
  };

  const run = async (): Promise<void> => {
    if (running) return;
    running = true;
    while (engine.busy && !leaves) {
      const outputs = await engine.step();
      if (outputs.length > 0) tell({ type: 'step', outputs: outputs.map(output) });
    }
    running = false;
    if (leaves) process.exit();
  };

  /** Only ever outside of a run: within native code it would abort the process. */
  const unload = (): void => {
    leaves = true;
    if (!running) process.exit();
  };

  const infer = async ({ id, request, demand }: WorkerOrder & { type: 'infer' }): Promise<void> => {
    if (!open.has(id)) return;
    try {
      const { sequence, enforced } = await beginSequence(id, request, new Demand(demand), model);
      if (!open.has(id)) return sequence.leave();
      open.set(id, enforced);
      engine.add(sequence);
    } catch (error) {
      if (open.has(id)) tell({ type: 'step', outputs: [output({ id, events: [], end: { error } })] });
    }
    // An error here is nobody's own: the thread dies of it, and all requests are told.
    await run();
  };

  const accept = (order: WorkerOrder & { type: 'infer' }): void => {
    open.set(order.id, false);
    // Begun later, so that an order to cancel that has come already is read first.
    setImmediate(infer, order);
  };

  const cancel = (id: number): void => {
    model.text.withdraw(id);
    engine.cancel(id);
    if (open.delete(id)) tell({ type: 'step', outputs: [{ id, events: [], end: { type: 'cancelled' } }] });
    // Its room may be what others wait for.
    run();
  };

  const resume = (): Promise<void> => {
    engine.resume();
    return run();
  };

  port.on('message', (order: WorkerOrder) => {
    if (order.type === 'unload') unload();
    else if (order.type === 'resume') resume();
    else if (order.type === 'cancel') cancel(order.id);
    else accept(order);
  });
};

const toEnd = (end: NonNullable<StepOutput['end']>, enforced: boolean): WorkerEnd => {
  if ('error' in end) return { type: 'error', error: plainError(end.error) };
  const { whole, ...finish } = end;
  return { type: 'finish', ...finish, constraint: enforced && whole ? 'enforced' : 'none' };
};

try {
  const model = await loadModel(options, new NativeGate(gate));
  const { executionProvider, passedOver, mode, expanded } = model.runner;
  tell({ type: 'loaded', executionProvider, passedOver, mode, expanded });
  serve(model);
} catch (error) {
  tell({ type: 'failed', error: plainError(error) });
}
