/**
 * Gives a place in the pool back whose connection died in the middle of a transaction. Kysely, below MikroORM, forgets to when `begin`,
 * `commit` or `rollback` find the connection dead (kysely#1990): every restart of PostgreSQL would take places from the pool, until none is
 * left and the process answers nothing any more.
 */

interface PooledClient {
  once(event: 'end', listener: () => void): unknown;
  /** Throws when it was given back already. */
  release(destroy?: boolean): void;
}

interface ClientPool {
  on(event: 'connect', listener: (client: PooledClient) => void): unknown;
}

/** Whoever held the connection learns of its end by a failed statement first, and usually gives it back, ms. */
const patienceMs = 1_000;

export function giveBackDeadClients(pool: ClientPool): void {
  pool.on('connect', (client) => {
    client.once('end', () => {
      setTimeout(() => {
        try {
          client.release(true);
        } catch {
          // It was given back in time.
        }
        // A late holder may still do so: the client is out of the pool for good.
        client.release = () => undefined;
      }, patienceMs).unref();
    });
  });
}
