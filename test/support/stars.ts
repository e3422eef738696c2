/** Top-ups in Stars of a test shop: switched on, opened, approved, paid, taken back; as Telegram's words in the inbox. */
import { createDepositActivities } from '../../activities/deposit.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { insertInboxRow, type InboxRow } from '../../db/repositories/inbox.ts';
import { writeMethodRule } from '../../db/repositories/method-rule.ts';
import { markPreCheckout, type PreCheckout } from '../../db/repositories/payment.ts';
import { depositPaymentId } from '../../domain/deposit.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import type { OpenDeposit } from '../../workflows/messages/deposit.ts';
import { newCode, type TestShop } from './shop.ts';

/** The owner lets wallets be topped up in Stars, or not. */
export async function allowStars({ db, shop }: Pick<TestShop, 'db' | 'shop'>, deposits = true): Promise<void> {
  await writeMethodRule(db.em.fork(), { shopId: shop.id, method: 'stars', rule: { deposits }, actor: 'cli', at: new Date() });
}

/** Steps of deposits in Stars, at minutes since `start`. */
export function starsOf(world: TestShop, start: number) {
  const { db, secrets, shop } = world;
  // Nobody is told in these tests.
  const steps = createDepositActivities({ db, secrets, telegram: createTelegram({ apiRoot: 'http://127.0.0.1:9' }) });
  const minutes = (count: number) => start + count * 60_000;
  const opening = (customer: Customer, changes: Partial<OpenDeposit> = {}): OpenDeposit => ({
    shopId: shop.id,
    customerId: customer.id,
    amount: 5_000,
    method: 'stars',
    payWithinSeconds: 1_800,
    language: 'en',
    ...changes,
  });
  const open = async (customer: Customer, changes: Partial<OpenDeposit> = {}, at = start) => {
    const depositCode = newCode();
    return { depositCode, row: await steps.openDeposit({ depositCode, open: opening(customer, changes), at }) };
  };
  /** Telegram asks before it takes the Stars. */
  const approve = (customer: Customer, depositCode: string, changes: Partial<PreCheckout> = {}) =>
    markPreCheckout(db.em.fork(), {
      shopId: shop.id,
      paymentId: depositPaymentId(depositCode),
      telegramUserId: customer.telegramUserId,
      amount: 2_500,
      currency: 'XTR',
      at: new Date(minutes(1)),
      ...changes,
    });
  /** Telegram says that Stars came, or went back. */
  const say = (depositCode: string, row: Partial<InboxRow> = {}) => {
    const { kind = 'settled', objectId = `charge-${depositCode}` } = row;
    return insertInboxRow(db.em.fork(), {
      shopId: shop.id,
      provider: 'stars',
      source: 'update',
      eventId: `${objectId}:${kind}`,
      type: kind === 'settled' ? 'successful_payment' : 'refunded_payment',
      verdict: 'verified',
      kind,
      objectId,
      paymentId: depositPaymentId(depositCode),
      amount: 2_500,
      currency: 'XTR',
      providerAt: new Date(minutes(1)),
      body: Buffer.from('{}'),
      ...row,
    });
  };
  /** A wallet that was topped up by Stars. @returns the deposit's code */
  const topUp = async (customer: Customer, amount = 5_000): Promise<string> => {
    const { depositCode } = await open(customer, { amount });
    const stars = Math.ceil(amount / 2);
    await approve(customer, depositCode, { amount: stars });
    await say(depositCode, { amount: stars });
    await steps.settleDeposit({ depositCode, at: minutes(1) });
    return depositCode;
  };
  return { steps, minutes, opening, open, approve, say, topUp };
}
