/** The first step of a deposit: its row and its payment, or the row as it stands. */
import { LockMode } from '@mikro-orm/core';
import { networkCoins } from '../../domain/coin.ts';
import { type DepositRejection, depositPaymentId, openDepositStatuses } from '../../domain/deposit.ts';
import { instructionsWithoutCall, providerOfMethod, providerTraits, takesCoins } from '../../domain/payment.ts';
import { starsForAmount } from '../../domain/pricing.ts';
import { Customer } from '../../db/entities/customer.ts';
import { Deposit } from '../../db/entities/deposit.ts';
import { Order } from '../../db/entities/order.ts';
import { Payment } from '../../db/entities/payment.ts';
import { Shop } from '../../db/entities/shop.ts';
import type { EntityManager } from '../../db/orm.ts';
import { readCoinOffers } from '../../db/repositories/coin-offer.ts';
import { readDepositMinimum } from '../../db/repositories/deposit-minimum.ts';
import { findUsableMethod } from '../../db/repositories/payment-account.ts';
import { readSetting } from '../../db/repositories/setting.ts';
import type { DepositInput, DepositRow, OpenDeposit } from '../../workflows/messages/deposit.ts';
import { textsOf } from '../../texts/bundle.ts';
import { answerRow, inDeposit, record, rejectedRow } from './row.ts';

/** Opens it, or answers the row as it stands: start, retry, reset and lost Temporal are one path. `at`: workflow time, ms. */
export async function openDeposit(em: EntityManager, { depositCode, open }: DepositInput, at: number): Promise<DepositRow> {
  if (!open) return answerStanding(em, depositCode, at, undefined);
  const opened = await em.fork().transactional(async (tx): Promise<DepositRejection | 'stands' | undefined> => {
    // Whoever opens many at once opens them one after the other.
    const customer = await tx.findOne(Customer, { id: open.customerId, shopId: open.shopId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if ((await tx.count(Deposit, { code: depositCode })) > 0) return 'stands';
    if (!customer) return 'NotYours';
    return insertDeposit(tx, customer, depositCode, open, new Date(at));
  });
  if (opened !== undefined && opened !== 'stands') return rejectedRow(depositCode, opened);
  return answerStanding(em, depositCode, at, open);
}

function answerStanding(em: EntityManager, depositCode: string, at: number, open: OpenDeposit | undefined): Promise<DepositRow> {
  return inDeposit(em, depositCode, async (tx, locked) => {
    if (!locked) return rejectedRow(depositCode, 'UnknownDeposit');
    const { shopId, customerId } = locked.deposit;
    const isForeign = open && (shopId !== open.shopId || customerId !== open.customerId);
    return isForeign ? rejectedRow(depositCode, 'NotYours') : answerRow(tx, locked, at);
  });
}

/** @returns why it may not be opened, or undefined when it is */
async function insertDeposit(
  em: EntityManager,
  customer: Customer,
  code: string,
  { shopId, amount, method, coin, payWithinSeconds, language, screen }: OpenDeposit,
  at: Date,
): Promise<DepositRejection | undefined> {
  const shop = await em.findOneOrFail(Shop, { id: shopId });
  if (!shop.open) return 'ShopClosed';
  if (customer.bannedAt) return 'CustomerBanned';
  const provider = providerOfMethod[method];
  const { usable, id: accountId, barred, deposits, bounds } = await findUsableMethod(em, shop, method, { customerId: customer.id, at });
  if (!deposits || !usable) return barred ?? 'MethodUnavailable';
  const { currency } = shop;
  const offer = coin == null ? undefined : (await readCoinOffers(em, { accountId, currency, at })).find((one) => one.coin === coin);
  if (takesCoins(method) ? !offer : coin != null) return 'MethodUnavailable';
  // What is asked in the provider's own currency; a shop's bounds are in that.
  const inStars = providerTraits[provider].currency === 'XTR';
  const asked = inStars ? starsForAmount(amount, await readSetting(em, shopId, 'starValue')) : amount;
  if (amount < Math.max(await readDepositMinimum(em, shop, at), offer?.minimum ?? 0) || asked < bounds.minimum) return 'AmountTooSmall';
  if (amount > (await readSetting(em, shopId, 'depositMaximum')) || asked > bounds.maximum) return 'AmountTooLarge';
  const own = { customerId: customer.id };
  const open =
    (await em.count(Deposit, { ...own, status: { $in: [...openDepositStatuses] } })) +
    (await em.count(Order, { ...own, status: { $in: ['awaitingPayment', 'awaitingSettlement'] } }));
  const begun = await em.count(Payment, { ...own, openedAt: { $gt: new Date(at.getTime() - 3_600_000) } });
  if (open >= (await readSetting(em, shopId, 'openOrderLimit'))) return 'TooManyOpenPayments';
  if (begun >= (await readSetting(em, shopId, 'hourlyOrderLimit'))) return 'TooManyOpenPayments';

  const expiresAt = new Date(at.getTime() + payWithinSeconds * 1000);
  const id = depositPaymentId(code);
  const invoiced = { id, amount: asked, noun: 'deposit', code, titles: [textsOf(language).say('deposit-line')] } as const;
  const instructions = instructionsWithoutCall(provider, invoiced);
  const deposit = em.create(Deposit, {
    code,
    shopId,
    customerId: customer.id,
    status: instructions ? 'waiting' : 'opened',
    method,
    currency,
    amount,
    openedAt: at,
    expiresAt,
    language,
    screenChatId: screen?.chatId,
    screenMessageId: screen?.messageId,
  });
  em.persist(deposit);
  await em.flush();
  em.persist(
    em.create(Payment, {
      id,
      shopId,
      depositId: deposit.id,
      customerId: customer.id,
      attempt: 1,
      method,
      provider,
      accountId,
      coin: coin == null ? null : networkCoins[coin].coin,
      network: coin == null ? null : networkCoins[coin].network,
      amount: asked,
      currency: inStars ? 'XTR' : currency,
      status: 'pending',
      openedAt: at,
      instructions,
    }),
  );
  record(em, deposit, `customer:${customer.id}`, 'opened', at, { after: { amount, currency, method } });
  return undefined;
}
