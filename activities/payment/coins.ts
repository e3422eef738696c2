/** What a provider's word about coins is worth in the payment's currency, when it is applied. */
import { networkCoins, isNetworkCoin, networkCoinOf, shareOf } from '../../domain/coin.ts';
import { readDecimal, toScale } from '../../domain/decimal.ts';
import { currencyDecimals } from '../../domain/money.ts';
import type { CoinFacts } from '../../domain/payment.ts';
import { valueOfUnits } from '../../domain/rate.ts';
import { isEnoughUnits } from '../../domain/tolerance.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { PaymentInStep, WaitingRow } from '../../db/repositories/order-rows.ts';
import { readRate } from '../../db/repositories/rate.ts';

type Told = Pick<WaitingRow, 'provider' | 'shopId' | 'objectId' | 'coins' | 'providerAt'>;
type Paid = Pick<
  PaymentInStep,
  'id' | 'providerObject' | 'amount' | 'currency' | 'coin' | 'network' | 'priceAmount' | 'priceCurrency' | 'seenAt'
>;

/** `short`: what it lacks of the asked amount, when that few units still settle an order. */
export type CoinWorth = { readonly amount: number; readonly short?: number } | { readonly known: string } | { readonly misfit: string };

/**
 * Whether a row speaks of other coins than those the payment asks for: a second transfer, or one to an address whose making had no answer. Its
 * money is the customer's, and it says nothing of the payment itself.
 */
export function isFurtherTransfer({ coins }: Pick<Told, 'coins'>, payment: Pick<Paid, 'providerObject'>): boolean {
  return coins != null && (coins.parent !== null || coins.object !== payment.providerObject);
}

/**
 * The worth of what came beyond what is counted already, in minor units of the payment's currency; rounded down. First seen by `endsAt`, it is
 * the asked amount's share; later, the rate when it was first seen counts. A further transfer is worth what the shop got of it.
 */
export async function valueCoins(em: EntityManager, row: Told, payment: Paid, endsAt: Date): Promise<CoinWorth> {
  const facts = row.coins as CoinFacts;
  await em.flush();
  const counted = await readCounted(em, payment.id, facts.object);
  // What is finished is followed by a refund at most.
  if (counted.finished) return { known: 'it was finished before' };
  const valued = isFurtherTransfer(row, payment) ? await valueFurther(em, row, payment) : await valueAsked(em, row, payment, endsAt);
  if (typeof valued === 'string') return { misfit: valued };
  const { worth, short } = valued;
  const amount = worth - counted.amount;
  if (worth <= 0) return { misfit: 'no money' };
  if (amount <= 0) return { known: 'this money is already counted' };
  if (!isFurtherTransfer(row, payment)) {
    await em.execute('update payment set units_received = greatest(coalesce(units_received, 0), ?::numeric) where id = ?', [
      facts.paidUnits,
      payment.id,
    ]);
  }
  return { amount, ...(short !== undefined && short > 0 ? { short } : {}) };
}

interface Worth {
  readonly worth: number;
  readonly short?: number;
}

async function readCounted(em: EntityManager, paymentId: string, object: string): Promise<{ amount: number; finished: boolean }> {
  const [row]: { amount: string | null; finished: boolean | null }[] = await em.execute(
    `select sum(amount)::text as amount, bool_or(coins->>'status' = 'finished') as finished from inbox
      where payment_id = ? and coins->>'object' = ? and kind = 'settled' and outcome = 'applied'`,
    [paymentId, object],
  );
  return { amount: Number(row?.amount ?? 0), finished: row?.finished ?? false };
}

/** @returns why it does not fit, or its worth */
async function valueAsked(em: EntityManager, row: Told, payment: Paid, endsAt: Date): Promise<Worth | string> {
  const facts = row.coins as CoinFacts;
  const coin = networkCoinOf(payment.coin, payment.network);
  if (coin === undefined || facts.payCoin !== coin) return `another coin: ${facts.payCoin}`;
  if (!isPrice(facts, payment)) return `another price: ${facts.price} ${facts.priceCurrency}`;
  const [asked]: { units: string | null; least: string | null }[] = await em.execute(
    'select units::text as units, units_least::text as least from payment where id = ?',
    [payment.id],
  );
  const share = shareOf(payment.amount, facts.paidUnits, asked?.units ?? '0');
  if (share === undefined) return 'units that are no amount';
  const enough = asked?.least != null && isEnoughUnits(facts.paidUnits, asked.least);
  const firstSeenAt = payment.seenAt ?? row.providerAt;
  if (firstSeenAt <= endsAt) return { worth: share, ...(enough ? { short: payment.amount - share } : {}) };
  // The quote was locked until then. With no valid rate it is still the last price both sides knew.
  const found = await readRate(em, { base: networkCoins[coin].coin, quote: payment.currency, at: firstSeenAt });
  return { worth: found ? valueOfUnits(facts.paidUnits, found.rate, payment.currency) : share };
}

/** @returns why it cannot be valued, or what the shop got of it */
async function valueFurther(em: EntityManager, row: Told, payment: Paid): Promise<Worth | string> {
  const { outcomeCoin, outcomeUnits, payCoin, paidUnits } = row.coins as CoinFacts;
  const [coin, units] = outcomeCoin !== null && outcomeUnits !== null ? [outcomeCoin, outcomeUnits] : [payCoin, paidUnits];
  const base = isNetworkCoin(coin) ? networkCoins[coin].coin : coin;
  const found = await readRate(em, { base, quote: payment.currency, at: row.providerAt });
  return found ? { worth: valueOfUnits(units, found.rate, payment.currency) } : `no valid rate of ${base} in ${payment.currency}`;
}

function isPrice(facts: CoinFacts, { priceAmount, priceCurrency, amount, currency }: Paid): boolean {
  const askedIn = priceCurrency ?? currency;
  const told = readDecimal(facts.price);
  if (!told || facts.priceCurrency !== askedIn) return false;
  const [down, up] = (['down', 'up'] as const).map((round) => toScale(told, currencyDecimals(askedIn), round));
  return down === up && down === BigInt(priceAmount ?? amount);
}
