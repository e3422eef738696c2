/** How what comes by a chain ends: credited, replaced, taken back; and a watch, which ends only by hand. */
import { expect } from 'vitest';
import type { Customer } from '../../db/entities/customer.ts';
import { ChainKey } from '../../db/entities/chain-key.ts';
import { lookAtChain, startChainWatch } from '../../temporal/chain-watch.ts';
import { ownId } from '../../temporal/client.ts';
import { chainWatchWorkflowId } from '../../workflows/messages/chain-watch.ts';
import { addressOf, agreeOnRates, takeCoin } from './chains.ts';
import { walletOf } from './deposits.ts';
import { type Ending, ended } from './ending.ts';
import { waitFor } from './wait.ts';
import type { World } from './world.ts';

const soon = { timeout: 20_000, interval: 100 };
const act = <Answer>(world: World, what: string, body: object = {}) => world.control<Answer>(`/chain/btc/${what}`, body);

/** The world's shop takes BTC, and its chain is watched. */
async function watched(world: World): Promise<string> {
  const { db, door, shop } = world;
  if ((await db.em.fork().count(ChainKey, { shopId: shop.id, coin: 'btc' })) === 0) await takeCoin(world, 'btc');
  await agreeOnRates(world, new Date());
  await startChainWatch(door, { coin: 'btc', pauseSeconds: 2 });
  await followed(world);
  return ownId(door, chainWatchWorkflowId('btc'));
}

/** The watch has been at the end of the chain as it is now, and after this instant. */
async function followed(world: World): Promise<void> {
  const { hash } = await world.control<{ hash: string }>('/chain/btc');
  const now = new Date();
  await lookAtChain(world.door, 'btc');
  await waitFor(async () => {
    const rows: unknown[] = await world.db.em.fork().execute('select 1 from chain_watch where hash = ? and checked_at > ?', [hash, now]);
    expect(rows).toHaveLength(1);
  }, soon);
}

/** A customer sends 0.0005 BTC to their address. */
async function paid(world: World): Promise<{ customer: Customer; address: string; txid: string; workflowId: string }> {
  await watched(world);
  const customer = await world.addPerson();
  const address = await addressOf(world, customer);
  const { txid } = await act<{ txid: string }>(world, 'send', { outputs: [{ address, units: '0.0005' }] });
  await followed(world);
  return { customer, address, txid, workflowId: `deposit:btc:${txid}:0` };
}

const untilCash = (world: World, customer: Customer, cash: number) =>
  waitFor(async () => expect((await walletOf(world, customer)).cash).toBe(cash), soon);

export const chainEndings: readonly Ending[] = [
  {
    name: 'deposit-chain-credited',
    async run(world) {
      const { customer, workflowId } = await paid(world);
      await act(world, 'mine');
      await followed(world);
      await act(world, 'mine');
      await untilCash(world, customer, 10_000);
      return ended(world, workflowId);
    },
  },
  {
    name: 'deposit-chain-replaced',
    async run(world) {
      const { address, txid, workflowId } = await paid(world);
      await act(world, 'send', { outputs: [{ address, units: '0.0004' }], replaces: txid });
      await followed(world);
      const end = await ended(world, workflowId);
      await act(world, 'mine', { blocks: 2 });
      await followed(world);
      return end;
    },
  },
  {
    name: 'deposit-chain-taken-back',
    async run(world) {
      const { customer, txid, workflowId } = await paid(world);
      await act(world, 'mine', { blocks: 2 });
      await untilCash(world, customer, 10_000);
      await ended(world, workflowId);
      await act(world, 'reorganise', { depth: 2, remine: false });
      const other = await addressOf(world, await world.addPerson());
      await act(world, 'send', { outputs: [{ address: other, units: '0.0004' }], replaces: txid });
      await act(world, 'mine', { blocks: 2 });
      await untilCash(world, customer, 0);
      return ended(world, workflowId);
    },
  },
  {
    name: 'chain-watch-cancelled-in-ui',
    async run(world) {
      const workflowId = await watched(world);
      await world.door.client.workflow.getHandle(workflowId).cancel();
      return ended(world, workflowId);
    },
  },
];
