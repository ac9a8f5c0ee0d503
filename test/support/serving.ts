import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Runs a server on a free port of this machine while it is visited. */
export const serving = async (server: Server, visit: (url: string) => Promise<void>): Promise<void> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await visit(`http://127.0.0.1:${(server.address() as AddressInfo).port}/?q=hello`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
};
