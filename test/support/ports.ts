import { createServer, type Server } from 'node:net';

/** Ports of loopback nobody listens on, all different. Held open together, so that none is answered twice. */
export async function findFreePorts<Count extends number>(count: Count): Promise<PortList<Count>> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<Server>((done, fail) => {
          const server = createServer();
          server.once('error', fail);
          server.listen(0, '127.0.0.1', () => done(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports as unknown as PortList<Count>;
}

/** A port of loopback nobody listens on. */
export async function findFreePort(): Promise<number> {
  const [port] = await findFreePorts(1);
  return port;
}

type PortList<Count extends number> = Count extends 1 ? [number] : Count extends 2 ? [number, number] : number[];
