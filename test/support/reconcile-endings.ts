/** How comparing the ledger with providers ends. */
import { expect } from 'vitest';
import { depositPaymentId } from '../../domain/deposit.ts';
import { ownId } from '../../temporal/client.ts';
import { reconcileNow } from '../../temporal/reconcile.ts';
import { reconcileByHandWorkflowId } from '../../workflows/messages/reconcile.ts';
import { depositOne, payDeposit, walletOf } from './deposits.ts';
import { type Ending, ended } from './ending.ts';
import { untilAnswered, waitFor } from './wait.ts';
import type { World } from './world.ts';

async function reconciled(world: World, dryRun: boolean): Promise<{ workflowId: string; status: string }> {
  const { status, results } = await untilAnswered(() => reconcileNow(world.door, { dryRun }));
  // Stories before it in this world may have spoken of money that the far end never had: after ten minutes that differs, and nothing else may.
  expect(results).not.toHaveLength(0);
  const found = results.flatMap((result) => ('differences' in result ? result.differences : []));
  const madeUp = found.filter(({ kind, objectId }) => kind === 'ledgerHasMore' && world.said.has(objectId));
  expect(found).toEqual(madeUp);
  expect(status).toBe(madeUp.length > 0 ? 'differs' : 'equal');
  return ended(world, ownId(world.door, dryRun ? `${reconcileByHandWorkflowId}:dry-run` : reconcileByHandWorkflowId));
}

export const reconcileEndings: readonly Ending[] = [
  { name: 'reconcile-equal', run: (world) => reconciled(world, false) },
  { name: 'reconcile-rehearsed', run: (world) => reconciled(world, true) },
  {
    name: 'reconcile-heard-of-quiet-payment',
    async run(world) {
      const { depositCode, customer } = await depositOne(world);
      world.sandbox.faults.add({ target: 'webhook', kind: 'lose', method: 'stripe', times: 100 });
      await payDeposit(world, depositCode);
      const long = new Date(Date.now() - 3_600_000);
      await world.db.em.fork().execute('update payment set opened_at = ? where id = ?', [long, depositPaymentId(depositCode)]);
      const end = await reconciled(world, false);
      await waitFor(async () => expect((await walletOf(world, customer)).cash).toBe(5_000), { timeout: 15_000, interval: 100 });
      world.sandbox.faults.clear();
      return end;
    },
  },
];
