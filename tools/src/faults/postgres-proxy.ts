import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';

/** A fixed address in front of a server that comes back at another port. */
export interface Proxy {
  readonly port: number;
  /** Where connections go from now on. */
  forward(port: number): void;
  close(): Promise<void>;
}

/** Starts a proxy on the loopback interface; a connection to a server that is gone is reset. */
export async function startProxy(target: number): Promise<Proxy> {
  let port = target;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    forward(next) {
      port = next;
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
