/** The one door into workflows: a connection to Temporal with the names of this deployment's task queues. */
import { Client, Connection } from '@temporalio/client';
import type { Config } from '../config.ts';

export interface Door {
  readonly client: Client;
  readonly connection: Connection;
  readonly queues: { readonly orders: string; readonly background: string };
  close(): Promise<void>;
}

/** Names of the task queues: `orders` (order, stray, delivery, refund) and `background` (the rest). */
export function queueNames(queuePrefix: string) {
  return { orders: `${queuePrefix}orders`, background: `${queuePrefix}background` };
}

/** Opens the door without waiting for the server: calls fail or reach their deadline while it is away, and work again when it is back. */
export function openDoor(config: Pick<Config, 'temporal'>): Door {
  const connection = Connection.lazy({ address: config.temporal.address, connectTimeout: 5_000 });
  const client = new Client({ connection, namespace: config.temporal.namespace });
  return { client, connection, queues: queueNames(config.temporal.queuePrefix), close: () => connection.close() };
}
