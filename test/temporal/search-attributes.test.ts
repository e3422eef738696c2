import { Client, Connection } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { afterAll, beforeAll, test, vi } from 'vitest';
import { registerSearchAttributes } from '../../temporal/search-attributes.ts';
import { shopIdAttribute } from '../../workflows/messages/search-attributes.ts';
import { servers } from '../support/servers.ts';

const namespace = `attributes-${process.pid}-${Date.now()}`;
let connection: Connection;
let client: Client;
let started = 0;

beforeAll(async () => {
  connection = await Connection.connect({ address: servers().temporalAddress });
  client = new Client({ connection, namespace });
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: { seconds: 86_400 as never } });
  await vi.waitFor(() => start(), { timeout: 20_000, interval: 200 });
}, 30_000);
afterAll(async () => connection?.close());

const start = (typedSearchAttributes?: TypedSearchAttributes) =>
  client.workflow.start('nobody', {
    workflowId: `nobody-${++started}`,
    taskQueue: 'nobody',
    ...(typedSearchAttributes && { typedSearchAttributes }),
  });

test('attributes that are added to a running server may be used as soon as that resolves', async () => {
  await registerSearchAttributes(connection, namespace);
  await start(new TypedSearchAttributes([{ key: shopIdAttribute, value: '1' }]));
}, 20_000);
