import type { Reply } from './start-child.ts';

/** Lets the process that started this one give it orders, until it ends. */
export const takeOrders = (orders: object): void => {
  const carryOut = orders as { readonly [order: string]: (...given: readonly unknown[]) => Promise<unknown> };
  const reply = (reply: Reply) => process.send?.(reply);
  process.on('message', async ({ id, order, given }: { id: number; order: string; given: readonly unknown[] }) => {
    try {
      reply({ id, result: await carryOut[order]?.(...given) });
    } catch (error) {
      reply({ id, error: (error as Error).stack ?? String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
  reply({ id: 0 });
};
