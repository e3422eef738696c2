/**
 * What the Temporal namespace must hold before any worker polls: the search attributes of our workflows (one that is not
 * registered wedges the workflow that sets it for ever) and a retention long enough for staff to look back.
 */
import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as attributes from '../workflows/messages/search-attributes.ts';

const { INDEXED_VALUE_TYPE_INT: Int, INDEXED_VALUE_TYPE_KEYWORD: Keyword } = proto.temporal.api.enums.v1.IndexedValueType;

/** Names and types as the operator service takes them. */
export const searchAttributeTypes: Readonly<Record<string, proto.temporal.api.enums.v1.IndexedValueType>> = Object.fromEntries(
  Object.values(attributes).map(({ name, type }) => [name, type === 'INT' ? Int : Keyword]),
);

const retentionSeconds = 30 * 24 * 3600;
/** Every server process reads namespaces anew every 2 seconds; until then it refuses whoever sets an attribute that was just added. */
const untilKnownMs = 3_000;

/**
 * Registers what is missing and sets the retention to 30 days. Whoever adds attributes waits until the server takes them. Safe to repeat and
 * to run from several processes at once; one that finds them added by another this very moment may be refused for 2 seconds.
 * @throws when the server refuses, e.g. an attribute of that name exists with another type
 */
export async function registerSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(searchAttributeTypes).filter(([name]) => customAttributes?.[name] === undefined);
  const foreign = Object.entries(searchAttributeTypes).find(([name, type]) => (customAttributes?.[name] ?? type) !== type);
  if (foreign)
    throw new Error(`The search attribute ${foreign[0]} of namespace ${namespace} has another type: remove it or use another namespace.`);
  if (missing.length > 0) {
    await connection.operatorService
      .addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing) })
      .catch((err: unknown) => {
        if (!/already exists/i.test(String(err))) throw err;
      });
    await sleep(untilKnownMs);
  }
  await setRetention(connection, namespace);
}

async function setRetention(connection: Connection, namespace: string): Promise<void> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  if (Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) >= retentionSeconds) return;
  const workflowExecutionRetentionTtl = proto.temporal.api.namespace.v1.NamespaceConfig.fromObject({
    workflowExecutionRetentionTtl: { seconds: retentionSeconds },
  }).workflowExecutionRetentionTtl;
  await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } });
}
