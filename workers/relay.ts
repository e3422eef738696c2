/**
 * The relay heals what Temporal or a lost signal forgot: it rings again for inbox rows not applied, alerts not told and products that are back, and starts workflows
 * again from open rows, also those whose run is open and stands still. It lives outside Temporal so that it survives Temporal's loss.
 */
import type { Logger } from 'pino';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../db/orm.ts';
import { judgeChainWatches } from '../db/repositories/chain-watch.ts';
import {
  listDueAutoBuys,
  listDueOrders,
  listOpenWork,
  listShopsToAlert,
  listUnheardClaims,
  listUnheardPayouts,
  listUnheardVouchers,
  listWaitingInbox,
  listWaitingNotices,
  type OpenWork,
} from '../db/repositories/open-work.ts';
import { judgeStock, listRisen } from '../db/repositories/stock-alarm.ts';
import { listDueWatches } from '../db/repositories/stock-watch.ts';
import { findStandingPayouts } from '../db/repositories/payout.ts';
import { type Coin, watchStaleSeconds } from '../domain/chain.ts';
import { ringClaim, startClaim } from '../temporal/claim.ts';
import { startAlert } from '../temporal/alert.ts';
import { restartAutoBuy, ringAutoBuy } from '../temporal/auto-buy.ts';
import type { Door } from '../temporal/client.ts';
import { ringCommission } from '../temporal/commission.ts';
import { onConnectionLost } from '../temporal/connection-loss.ts';
import { isAway } from '../temporal/deadline.ts';
import { restartDelivery } from '../temporal/delivery.ts';
import { restartDeposit } from '../temporal/deposit.ts';
import { ringNotice } from '../temporal/notice.ts';
import { restartOrder } from '../temporal/order.ts';
import { ringVoucher, startVoucher } from '../temporal/voucher.ts';
import { ringPayout, startPayout } from '../temporal/payout.ts';
import { startRefund } from '../temporal/refund.ts';
import { ringStockWatch } from '../temporal/stock-watch.ts';
import { ringFor } from '../temporal/ring.ts';
import { isRunning, watchClosedBadly } from '../temporal/visibility.ts';
import { autoBuyWorkflowId } from '../workflows/messages/auto-buy.ts';
import { claimWorkflowId } from '../workflows/messages/claim.ts';
import { commissionWorkflowId } from '../workflows/messages/commission.ts';
import { deliveryWorkflowId } from '../workflows/messages/delivery.ts';
import { depositWorkflowId } from '../workflows/messages/deposit.ts';
import { noticeWorkflowId } from '../workflows/messages/notice.ts';
import { orderWorkflowId } from '../workflows/messages/order.ts';
import { voucherWorkflowId } from '../workflows/messages/voucher.ts';
import { payoutWorkflowId } from '../workflows/messages/payout.ts';
import { refundWorkflowId } from '../workflows/messages/refund.ts';
import { watchStandstill } from './standstill.ts';

export interface RelayOptions {
  readonly db: Database;
  readonly door: Door;
  readonly log: Logger;
  /** Coins whose chains are followed. */
  readonly coins?: readonly Coin[];
  /** How often it looks, ms. */
  readonly intervalMs?: number;
  /** How often it passes over all open rows, ms. */
  readonly passIntervalMs?: number;
  /** How long a run must not have moved before it stands still, ms. */
  readonly stillMs?: number;
  /** Rows younger than this are left to their own ring, ms. */
  readonly patienceMs?: number;
}

export interface Relay {
  /** One look, as every interval does. */
  look(): Promise<void>;
  /** One pass over all open rows: no run, or a closed run with an open row, is started. @returns how many were started */
  pass(): Promise<number>;
  /** One look at open runs whose rows say that something is due: what stands still is started again. @returns how many were */
  watch(): Promise<number>;
  stop(): Promise<void>;
}

/** How long a run that was started again because it stood still is let be, ms. */
const restMs = 300_000;

/** Starts the relay: a pass at boot, after every lost connection and every 10 minutes; a look every 5 seconds, a watch twice a minute. */
export function startRelay(options: RelayOptions): Relay {
  const { db, door, log, intervalMs = 5_000, passIntervalMs = 600_000, patienceMs = 3_000, stillMs = 60_000, coins = [] } = options;
  const stopping = new AbortController();
  const standstill = watchStandstill({ door, stillMs, restMs });
  let watchDueAt = 0;
  // A watch that was down with everything else has as long to come back as it may stand still.
  const judgedFrom = performance.now() + watchStaleSeconds * 1_000;
  const findClosedBadly = watchClosedBadly(door);
  let passDueAt = 0;
  // What a new worker or another store makes stand still shows only when somebody wants something of it: one more pass soon after.
  let passesSoon = 2;
  const passSoon = () => {
    passDueAt = 0;
    passesSoon = 2;
  };
  // A server that is back within a look may have lost its store all the same, and no look would fail.
  onConnectionLost(door, stopping.signal, passSoon);

  // What fails for one row must not keep the others waiting, unless nobody is there to answer for any of them.
  const forEach = async <Row>(rows: readonly Row[], work: (row: Row) => Promise<void>) => {
    let failed: unknown;
    for (const row of rows) {
      if (stopping.signal.aborted) return;
      await work(row).catch((err: unknown) => {
        if (isAway(err)) throw err;
        failed ??= err;
      });
    }
    if (failed) throw failed;
  };

  const ringWaiting = async () =>
    forEach(await listWaitingInbox(db.em.fork(), { olderThanMs: patienceMs, limit: 500 }), async (row) => {
      await ringFor(door, row);
    });

  const ringAutoBuys = async () =>
    forEach(await listDueAutoBuys(db.em.fork(), { olderThanMs: patienceMs }), async (orderCode) => {
      await ringAutoBuy(door, orderCode);
    });

  const ringPayouts = async () =>
    forEach(await listUnheardPayouts(db.em.fork(), { olderThanMs: patienceMs }), async (code) => {
      for (const payout of await findStandingPayouts(db.em.fork(), { code })) await ringPayout(door, payout);
    });

  const ringVouchers = async () =>
    forEach(await listUnheardVouchers(db.em.fork(), { olderThanMs: patienceMs }), (voucher) => ringVoucher(door, voucher));

  const alertUntold = async () =>
    forEach(await listShopsToAlert(db.em.fork(), { olderThanMs: patienceMs }), async (shopId) => {
      await startAlert(door, shopId);
    });

  const ringUntold = async () =>
    forEach(await listWaitingNotices(db.em.fork(), { olderThanMs: patienceMs, limit: 100 }), async (customerId) => {
      // One that is patient with Telegram needs no ring.
      if (!(await isRunning(door, noticeWorkflowId(customerId)))) await ringNotice(door, customerId);
    });

  const ringClaims = async () =>
    forEach(await listUnheardClaims(db.em.fork(), { olderThanMs: patienceMs }), (claimCode) => ringClaim(door, claimCode));

  const ringStockWatches = async () =>
    forEach(await listDueWatches(db.em.fork(), { limit: 100 }), (productId) => ringStockWatch(door, productId));

  /** What falls is found at its sale; what comes back, by whatever way, here. */
  const judgeRisen = async () =>
    forEach(await listRisen(db.em.fork(), { limit: 500 }), async (productId) => {
      await judgeStock(db.em.fork(), productId, new Date());
    });

  const heal = async (work: OpenWork): Promise<boolean> => {
    switch (work.noun) {
      case 'order':
        // Goods that were left to staff and are being sent again have their own story.
        return (await isRunning(door, deliveryWorkflowId(work.orderCode))) ? false : restartOrder(door, work);
      case 'delivery':
        return restartDelivery(door, work.orderCode);
      case 'refund':
        return startRefund(door, work);
      case 'payout':
        return startPayout(door, work);
      case 'deposit':
        return restartDeposit(door, work);
      case 'voucher':
        return startVoucher(door, work);
      case 'autoBuy':
        return restartAutoBuy(door, work);
      case 'claim':
        return startClaim(door, work.claimCode);
      case 'commission':
        await ringCommission(door, work.depositCode);
        return true;
    }
  };

  const look = async () => {
    await ringWaiting();
    await alertUntold();
    await ringUntold();
    await ringAutoBuys();
    await ringPayouts();
    await ringVouchers();
    await ringClaims();
    await ringStockWatches();
    const vanished = new Set(await findClosedBadly());
    if (vanished.size === 0) return;
    await forEach(await listOpenWork(db.em.fork()), async (work) => {
      const workflowId = workflowIdOf(work);
      if (vanished.has(workflowId) && (await heal(work))) log.warn({ workflowId }, 'started again from its row');
    });
  };

  /** @returns whether it had to be started again, because it has no run or one that stood still */
  const healUnlessMoving = async (work: OpenWork, alsoClosed: boolean): Promise<boolean> => {
    const workflowId = workflowIdOf(work);
    const state = await standstill.look(workflowId, work.noun === 'order' && work.owing);
    if (state === 'moving' || (state === 'closed' && !alsoClosed)) return false;
    // A run that closed since its row was read most likely ended its row as well.
    const stillOpen = (await listOpenWork(db.em.fork(), work)).some((one) => workflowIdOf(one) === workflowId);
    if (!stillOpen || !(await heal(work))) return false;
    log.warn({ workflowId, stoodStill: state === 'ended' }, 'started again from its row');
    return true;
  };

  const pass = async () => {
    let started = 0;
    await forEach(await listOpenWork(db.em.fork()), async (work) => {
      // At most 100 describes a second: a pass must not be what keeps the server busy.
      await sleep(10);
      if (await healUnlessMoving(work, true)) started += 1;
    });
    return started;
  };

  const watch = async () => {
    const due = await listDueOrders(db.em.fork(), { forMs: stillMs });
    const watched = new Set([...due.map(orderWorkflowId), ...standstill.suspects()]);
    if (watched.size === 0) return 0;
    const open = await listOpenWork(db.em.fork());
    standstill.keep(new Set(open.map(workflowIdOf)));
    let started = 0;
    await forEach(open, async (work) => {
      if (!watched.has(workflowIdOf(work))) return;
      await sleep(10);
      if (await healUnlessMoving(work, false)) started += 1;
    });
    return started;
  };

  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        if (Date.now() >= passDueAt) {
          // Due before it is done: a connection lost meanwhile asks for one more.
          passesSoon -= 1;
          passDueAt = Date.now() + (passesSoon > 0 ? stillMs : passIntervalMs);
          await pass();
        }
        await look();
        if (performance.now() >= watchDueAt) {
          watchDueAt = performance.now() + stillMs / 2;
          await watch();
          await judgeRisen();
          if (performance.now() >= judgedFrom) await judgeChainWatches(db.em.fork(), { now: new Date(), watched: coins });
        }
      } catch (err) {
        // Whatever was away may have come back without its memory: pass over everything next time.
        passSoon();
        log.warn({ reason: err instanceof Error ? err.message : 'failed' }, 'relay could not look');
      }
      await sleep(intervalMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    look,
    pass,
    watch,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function workflowIdOf(work: OpenWork): string {
  switch (work.noun) {
    case 'order':
      return orderWorkflowId(work.orderCode);
    case 'delivery':
      return deliveryWorkflowId(work.orderCode);
    case 'refund':
      return refundWorkflowId(work.refundId);
    case 'payout':
      return payoutWorkflowId(work.payoutCode);
    case 'deposit':
      return depositWorkflowId(work.depositCode, work.chainOutput);
    case 'voucher':
      return voucherWorkflowId(work.voucherId);
    case 'autoBuy':
      return autoBuyWorkflowId(work.orderCode);
    case 'claim':
      return claimWorkflowId(work.claimCode);
    case 'commission':
      return commissionWorkflowId(work.depositCode);
  }
}
