/** Ports of loopback to run servers on. */
import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/**
 * Below those a system gives to outgoing connections (32768 on Linux, 49152 elsewhere): one of them could be taken by anybody's connection
 * between the look and the listening, or while the server that listens there is dead for a moment, and its client could connect to itself.
 * Temporal's own schema keeps some of its ports in two bytes with a sign.
 */
const [lowest, end] = [10_000, 2 ** 15];

/** Ports nobody listens on now, all different. Held open together, so that none is answered twice. */
export async function findFreePorts<Count extends number>(count: Count): Promise<PortList<Count>> {
  const servers: Server[] = [];
  while (servers.length < count) {
    const server = createServer();
    const isTaken = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen({ port: randomInt(lowest, end), host: '127.0.0.1', exclusive: true }, () => resolve(true));
    });
    if (isTaken) servers.push(server);
  }
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports as unknown as PortList<Count>;
}

type PortList<Count extends number> = Count extends 1 ? [number] : Count extends 2 ? [number, number] : number[];

/** A port nobody listens on now. */
export async function findFreePort(): Promise<number> {
  const [port] = await findFreePorts(1);
  return port;
}
