/** Gift links and vouchers in the Mini App: by the same rows, limits and refusals as in the chat. */
import { Hono } from 'hono';
import { botLink, linkPayload } from '../../domain/link.ts';
import { type ClaimRefusal, giftableOf, suggestGifts } from '../../domain/voucher.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import {
  askGiftBack,
  claimVoucherCode,
  draftGiftLink,
  findGiftLink,
  type GiftLink,
  listOpenGiftLinks,
} from '../../db/repositories/voucher.ts';
import { isLater } from '../../temporal/deadline.ts';
import { lookAtVoucher } from '../../temporal/voucher.ts';
import type { VoucherRow } from '../../workflows/messages/voucher.ts';
import type { ApiContext } from '../context.ts';
import { inBody, inHeaders, inPath } from '../input.ts';
import { claimCode } from '../payment/calls.ts';
import { notReady, type Reason, refusal } from '../payment/refusal.ts';
import { callHeaders } from '../payment/schemas.ts';
import { notFound } from '../problem.ts';
import { idPath } from '../schemas/shop.ts';
import { type GiftLinkAnswer, type GiftsAnswer, giftBody, type RedeemedAnswer, redeemBody } from '../schemas/voucher.ts';
import type { Visitor } from '../visitor/identify.ts';
import type { Entrance } from '../visitor/visit.ts';

const reasonOf: Readonly<Record<ClaimRefusal, Reason>> = {
  unknown: 'VoucherUnknown',
  over: 'VoucherOver',
  claimed: 'VoucherClaimed',
  own: 'VoucherOwn',
  tooMany: 'TooManyTries',
};

function toGift({ shop }: Visitor, { id, status, amount, expiresAt, payload }: GiftLink): GiftLinkAnswer {
  const link = shop.botUsername == null ? null : botLink(shop.botUsername, linkPayload({ to: 'gift', payload }));
  return { id, status, amount, currency: shop.currency, expiresAt: expiresAt?.toISOString() ?? null, link };
}

export function createVoucherRoutes(context: ApiContext, { visit, aboutMoney }: Entrance) {
  const { db, door, log, secrets } = context;
  const em = () => db.em.fork();

  async function readGifts(visitor: Visitor): Promise<GiftsAnswer> {
    const { shop, customer } = visitor;
    const [balances, open] = await Promise.all([readWallet(em(), shop, customer.id), listOpenGiftLinks(em(), secrets, customer.id)]);
    const giftable = giftableOf(balances);
    const gifts = open.map((gift) => toGift(visitor, gift));
    return { currency: shop.currency, giftable, suggested: suggestGifts(giftable, shop.currency), gifts };
  }

  /** Has the row looked at; what is not answered in time goes on, and is told in the chat. */
  async function look({ shop }: Visitor, voucherId: number): Promise<VoucherRow | undefined> {
    const row = await lookAtVoucher(door, { voucherId, shopId: shop.id }).catch((err: unknown) => {
      log.warn({ err, shopId: shop.id, voucherId }, 'a voucher was not looked at');
      return undefined;
    });
    return row === undefined || isLater(row) ? undefined : row;
  }

  return new Hono()
    .get('/gifts', visit, async (c) => c.json(await readGifts(c.var.visitor)))
    .post('/gifts', visit, aboutMoney, inHeaders(callHeaders, 'x-nonce'), inBody(giftBody), async (c) => {
      const [{ visitor }, { amount }, headers] = [c.var, c.req.valid('json'), c.req.valid('header')];
      const { shop, customer } = visitor;
      const call = { nonce: headers['x-nonce'], key: headers['idempotency-key'], noun: 'voucher', asked: { gives: amount } } as const;
      const code = await claimCode(context, visitor, call);
      const voucherId = await draftGiftLink(em(), secrets, { shopId: shop.id, customerId: customer.id, code, amount, at: new Date() });
      if (voucherId === undefined) throw refusal('TooManyGifts');
      const row = await look(visitor, voucherId);
      if (row?.rejected && row.rejected !== 'UnknownVoucher') throw refusal(row.rejected, {}, 'amount');
      const gift = await findGiftLink(em(), secrets, { id: voucherId, customerId: customer.id });
      // Not looked at in time: the same call tells what became of it.
      if (!gift || gift.status === 'drafted' || gift.status === 'refused') throw notReady();
      return c.json(toGift(visitor, gift));
    })
    .post('/gifts/:id/back', visit, aboutMoney, inPath(idPath), async (c) => {
      const { visitor } = c.var;
      const mine = { id: c.req.valid('param').id, customerId: visitor.customer.id };
      if (!(await findGiftLink(em(), secrets, mine))) throw notFound('id');
      // One that was opened meanwhile, or is back already, is no longer in the list.
      if (await askGiftBack(em(), { ...mine, at: new Date() })) await look(visitor, mine.id);
      return c.json(await readGifts(visitor));
    })
    .post('/vouchers/redeem', visit, aboutMoney, inBody(redeemBody), async (c) => {
      const { visitor } = c.var;
      const claimer = { shopId: visitor.shop.id, customerId: visitor.customer.id, at: new Date() };
      const claimed = await claimVoucherCode(em(), c.req.valid('json').code, claimer);
      if (!claimed.ok) throw refusal(reasonOf[claimed.why], {}, 'code');
      await look(visitor, claimed.voucherId);
      return c.json({ amount: claimed.amount, currency: visitor.shop.currency } satisfies RedeemedAnswer);
    });
}
