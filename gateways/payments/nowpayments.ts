/**
 * NOWPayments: one payment of theirs for each of ours, with an address of its own and an exact amount; told by signed notifications.
 *
 * Its API has no idempotency keys, and looking payments up by our id takes the password of a person. So a payment whose answer was lost is
 * made once more, and only the one whose answer we kept is ever shown: the other's address is known to nobody. Should money reach it all the
 * same, it is a further transfer, as a second one to the address shown: credited to the wallet, and no order is settled by it.
 * @see MONEY.md section 7
 */
import { z } from 'zod';
import { type CoinOffer, networkCoins, type NetworkCoin } from '../../domain/coin.ts';
import { readDecimal, toScale } from '../../domain/decimal.ts';
import { currencyDecimals, safeNumber, toDecimal } from '../../domain/money.ts';
import { dividePrices, toPrice } from '../../domain/rate.ts';
import { coinOf, tickerOfCoin } from './nowpayments/coins.ts';
import { createClient } from './nowpayments/http.ts';
import { parseExactly } from './nowpayments/json.ts';
import { amountText, paymentIdText, paymentShape, statusOf, toEvent, type ToldPayment } from './nowpayments/payment.ts';
import { refuseSignature } from './nowpayments/signature.ts';
import { GatewayError, type ParsedWebhook, type PaymentGateway, type PaymentRequest, type ProviderCredentials } from './provider.ts';

const made = z.object({
  payment_id: paymentIdText,
  pay_address: z.string().regex(/^[\x21-\x7e]{10,200}$/, 'an address'),
  payin_extra_id: z
    .string()
    .regex(/^[\x20-\x7e]{1,100}$/, 'a memo')
    .nullish(),
  pay_amount: amountText,
  pay_currency: z.string(),
  price_amount: amountText,
  price_currency: z.string(),
});
const coinList = z.object({ selectedCurrencies: z.array(z.string().max(40)).max(2_000) });
const leastAmount = z.object({ fiat_equivalent: amountText });
const estimate = z.object({ estimated_amount: amountText });
/** What estimates are asked for, in whole units of the currency: enough for coins that are worth much to show digits. */
const estimated = '100';
/** Further transfers looked at when a payment is asked about. */
const mostTransfers = 20;

export function createNowPaymentsGateway(options: { apiRoot?: string | undefined } = {}): PaymentGateway {
  const ask = createClient(options.apiRoot);

  async function open(payment: PaymentRequest, credentials: ProviderCredentials) {
    const { coin, price } = payment;
    if (coin === undefined) throw new GatewayError('NOWPayments open: no coin was chosen.', { retryable: false });
    const answer = await ask(credentials, {
      verb: 'open',
      method: 'POST',
      path: '/v1/payment',
      body: {
        price_amount: Number(toDecimal(price)),
        price_currency: price.currency.toLowerCase(),
        pay_currency: tickerOfCoin[coin],
        order_id: payment.paymentId,
        order_description: `${payment.noun === 'order' ? 'Order' : 'Deposit'} ${payment.code}`,
        ipn_callback_url: payment.callbackUrl,
      },
      shape: made,
    });
    const isOurs = coinOf(answer.pay_currency) === coin && answer.price_currency.toUpperCase() === price.currency;
    const units = readDecimal(answer.pay_amount);
    if (!isOurs || answer.price_amount !== writtenPrice(payment) || !units || units.digits === 0n)
      throw new GatewayError('NOWPayments open: it answered for another coin or price.', { retryable: false });
    const { pay_address: address, pay_amount, payin_extra_id: memo } = answer;
    return {
      instructions: { kind: 'address' as const, coin, address, units: pay_amount, memo: memo ?? null },
      providerObject: answer.payment_id,
    };
  }

  async function look(payment: PaymentRequest, credentials: ProviderCredentials) {
    const { providerObject } = payment;
    // Nothing of it was ever shown to anybody.
    if (providerObject === undefined) return { status: 'closed' as const, events: [] };
    const told = await readPayment(credentials, providerObject);
    const furtherIds = (told.payment_extra_ids ?? []).filter((id) => id !== providerObject).slice(0, mostTransfers);
    const further = await Promise.all(furtherIds.map((id) => readPayment(credentials, id)));
    const at = Date.now();
    const events = [told, ...further].map((one) => ({ ...toEvent(one, 'asked', at), paymentId: payment.paymentId }));
    return { status: statusOf(told.payment_status), events: events.filter(({ kind }) => kind !== 'other') };
  }

  function readPayment(credentials: ProviderCredentials, id: string): Promise<ToldPayment> {
    return ask(credentials, { verb: 'find', method: 'GET', path: `/v1/payment/${encodeURIComponent(id)}`, shape: paymentShape });
  }

  /** About what one of a coin costs; undefined when nobody says: it is shown, and prices nothing. */
  async function estimatePrice(coin: NetworkCoin, currency: string, credentials: ProviderCredentials): Promise<string | undefined> {
    const query = new URLSearchParams({ amount: estimated, currency_from: currency.toLowerCase(), currency_to: tickerOfCoin[coin] });
    try {
      const path = `/v1/estimate?${query.toString()}`;
      const { estimated_amount } = await ask(credentials, { verb: 'estimate', method: 'GET', path, shape: estimate });
      return toPrice(estimated_amount) === undefined ? undefined : dividePrices(estimated, estimated_amount);
    } catch {
      return undefined;
    }
  }

  return {
    provider: 'nowpayments',
    open,
    find: look,
    // An address cannot be closed: what comes later is late.
    async close(payment, credentials) {
      const { status, events } = await look(payment, credentials);
      return { status: status === 'pending' ? 'closed' : status, events };
    },
    refund: async () => ({ status: 'failed', reason: 'NOWPayments sends nothing back by itself' }),
    parse: (rawBody, headers, { keys }, receivedAt) => parseNotification(rawBody, headers, keys, receivedAt),

    async listCoins(currency, credentials): Promise<CoinOffer[]> {
      const shape = coinList;
      const { selectedCurrencies } = await ask(credentials, { verb: 'coins', method: 'GET', path: '/v1/merchant/coins', shape });
      const taken = new Set(selectedCurrencies.flatMap((ticker) => coinOf(ticker) ?? []));
      const ours = (Object.keys(networkCoins) as NetworkCoin[]).filter((coin) => taken.has(coin));
      const failures: unknown[] = [];
      const offers = await Promise.all(
        ours.map(async (coin): Promise<CoinOffer[]> => {
          const query = new URLSearchParams({ currency_from: tickerOfCoin[coin], fiat_equivalent: currency.toLowerCase() });
          try {
            const path = `/v1/min-amount?${query.toString()}`;
            const [{ fiat_equivalent }, price] = await Promise.all([
              ask(credentials, { verb: 'minimum', method: 'GET', path, shape: leastAmount }),
              estimatePrice(coin, currency, credentials),
            ]);
            const least = readDecimal(fiat_equivalent);
            return least ? [{ coin, minimum: safeNumber(toScale(least, currencyDecimals(currency), 'up')), price }] : [];
          } catch (err) {
            // A coin whose minimum nobody knows is not offered; the others are.
            failures.push(err);
            return [];
          }
        }),
      );
      if (ours.length > 0 && failures.length === ours.length) throw failures[0];
      return offers.flat();
    },
  };
}

/** The price as their answers write it: without decimals that say nothing. */
function writtenPrice({ price }: PaymentRequest): string {
  return amountText.parse(toDecimal(price));
}

function parseNotification(
  rawBody: Uint8Array,
  headers: Readonly<Record<string, string | undefined>>,
  keys: Readonly<Record<string, string>>,
  receivedAt: number,
): ParsedWebhook {
  const reason = refuseSignature(rawBody, headers, keys);
  if (reason) return { verdict: 'refused', reason };
  const parsed = paymentShape.safeParse(parseExactly(new TextDecoder().decode(rawBody)));
  if (parsed.success) return { verdict: 'verified', events: [toEvent(parsed.data, 'ipn', receivedAt)] };
  const words = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ');
  // It is stored: what a sender calls its fields is not.
  return { verdict: 'refused', reason: words.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 500) };
}
