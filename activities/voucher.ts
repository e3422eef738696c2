/** A voucher's one step: what its row asks for now, under its lock, in one transaction. */
import { LockMode } from '@mikro-orm/core';
import { postGiftBack, postGiftClaimed, postGiftMade, postVoucher } from '../domain/ledger.ts';
import { decideVoucher, giftLinkSeconds, isVoucherOver, splitGift, type VoucherStatus, voucherTransitions } from '../domain/voucher.ts';
import { Audit } from '../db/entities/audit.ts';
import { Shop } from '../db/entities/shop.ts';
import { Voucher } from '../db/entities/voucher.ts';
import type { EntityManager } from '../db/orm.ts';
import { lockWallet, post } from '../db/repositories/ledger.ts';
import { addNotice } from '../db/repositories/notice.ts';
import type { VoucherRow } from '../workflows/messages/voucher.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';

interface Step {
  readonly em: EntityManager;
  readonly voucher: Voucher;
  readonly shop: Shop;
  readonly at: Date;
}

export function createVoucherActivities({ db }: Pick<ActivityContext, 'db'>) {
  return failing({
    /**
     * Fills a drafted link, books a claim, gives a link's money back, or answers the row as it stands. `cancelled`: in the Temporal UI.
     * `at`: workflow time, ms.
     */
    advanceVoucher: ({ voucherId, cancelled, at }: { voucherId: number; cancelled: boolean; at: number }): Promise<VoucherRow> =>
      db.em.fork().transactional(async (em): Promise<VoucherRow> => {
        const voucher = await em.findOne(Voucher, { id: voucherId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
        if (!voucher) return { voucherId, status: 'refused', rejected: 'UnknownVoucher', wakeAt: null, over: true, customerIds: [] };
        const shop = await em.findOneOrFail(Shop, { id: voucher.shopId });
        const step = { em, voucher, shop, at: new Date(at) };
        const decision = decideVoucher({ ...stateOf(voucher), cancelled: cancelled || voucher.cancelAskedAt != null }, at);
        if (decision.do === 'fill') await fill(step);
        if (decision.do === 'book') await book(step);
        if (decision.do === 'giveBack') await giveBack(step, cancelled);
        await em.flush();
        const { giverId, claimedBy } = voucher;
        const told = decision.do === 'book' ? [giverId, claimedBy] : decision.do === 'giveBack' ? [giverId] : [];
        return {
          voucherId,
          status: voucher.status as VoucherStatus,
          rejected: voucher.reason === 'WalletInDebt' || voucher.reason === 'InsufficientFunds' ? voucher.reason : null,
          wakeAt: voucher.status === 'open' ? (voucher.expiresAt?.getTime() ?? null) : null,
          over: isVoucherOver(stateOf(voucher)),
          customerIds: told.flatMap((id) => id ?? []),
        };
      }),
  });
}

function stateOf({ kind, status, expiresAt, bookedAt }: Voucher) {
  return { kind, status: status as VoucherStatus, expiresAt: expiresAt?.getTime() ?? null, booked: bookedAt != null };
}

async function fill({ em, voucher, shop, at }: Step): Promise<void> {
  const giverId = voucher.giverId as number;
  const parts = splitGift(await lockWallet(em, shop, giverId), voucher.amount);
  if ('rejected' in parts) {
    voucher.reason = parts.rejected;
    return change({ em, voucher, shop, at }, 'refused', `customer:${giverId}`);
  }
  await post(em, posting({ em, voucher, shop, at }, 'made', postGiftMade(giverId, voucher.id, parts), `customer:${giverId}`, 'giftMade'));
  voucher.fromBonus = parts.bonus;
  voucher.expiresAt = new Date(at.getTime() + giftLinkSeconds * 1000);
  change({ em, voucher, shop, at }, 'open', `customer:${giverId}`);
}

async function book(step: Step): Promise<void> {
  const { em, voucher, shop, at } = step;
  const { id, kind, amount, giverId, shopId } = voucher;
  const claimedBy = voucher.claimedBy as number;
  const legs = kind === 'link' ? postGiftClaimed(id, claimedBy, amount) : postVoucher(claimedBy, amount);
  await post(em, posting(step, 'claimed', legs, `customer:${claimedBy}`, kind === 'link' ? 'giftClaimed' : 'voucher'));
  voucher.bookedAt = at;
  const money = { amount, currency: shop.currency };
  const got = { kind: 'voucherClaimed' as const, ofFriend: kind === 'link', ...money };
  await addNotice(em, { shopId, customerId: claimedBy, key: `voucher:${id}:claimed`, content: got });
  if (giverId != null)
    await addNotice(em, { shopId, customerId: giverId, key: `voucher:${id}:given`, content: { kind: 'giftClaimed', ...money } });
  record(step, 'booked', `customer:${claimedBy}`);
}

async function giveBack(step: Step, inUi: boolean): Promise<void> {
  const { em, voucher, shop } = step;
  const { id, amount, fromBonus, shopId } = voucher;
  const giverId = voucher.giverId as number;
  const isTaken = voucher.cancelAskedAt != null;
  const parts = { bonus: fromBonus, cash: amount - fromBonus };
  const actor = isTaken ? `customer:${giverId}` : inUi ? 'temporal' : 'system';
  await post(em, posting(step, 'back', postGiftBack(giverId, id, parts), actor, 'giftBack'));
  const content = { kind: 'giftBack' as const, taken: isTaken, amount, currency: shop.currency };
  await addNotice(em, { shopId, customerId: giverId, key: `voucher:${id}:back`, content });
  change(step, 'lapsed', actor);
}

function posting({ voucher, shop, at }: Step, event: string, legs: ReturnType<typeof postVoucher>, actor: string, reason: string) {
  return { shopId: shop.id, currency: shop.currency, key: `voucher:${voucher.id}:${event}`, legs, actor, reason, at };
}

function change(step: Step, status: VoucherStatus, actor: string): void {
  const { voucher, at } = step;
  const before = voucher.status as VoucherStatus;
  if (!voucherTransitions[before].includes(status)) throw new Error(`Voucher ${voucher.id} may not go from ${before} to ${status}`);
  voucher.status = status;
  if (status !== 'open') voucher.closedAt = at;
  record(step, status, actor);
}

function record({ em, voucher: { id, shopId, amount }, at }: Step, action: string, actor: string): void {
  em.persist(em.create(Audit, { shopId, actor, action, subject: 'voucher', subjectId: String(id), before: null, after: { amount }, at }));
}

export type VoucherActivities = ReturnType<typeof createVoucherActivities>;
