/** The wallet and ways to fill it, as the Mini App gets them. Amounts are whole minor units of `currency`. */
import { z } from 'zod';
import { type NetworkCoin, networkCoins } from '../../domain/coin.ts';
import { depositMethods } from '../../domain/deposit.ts';
import { type MethodName, methodNames, takesCoins } from '../../domain/payment.ts';
import { amount, id } from './shop.ts';

/** A row's number, to go on after. */
export const cursor = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'is no cursor of ours')
  .transform(Number);
export const pageQuery = z.strictObject({ cursor: cursor.optional().meta({ description: '`next` of the page before.' }) });
export const next = id.nullable().meta({ description: 'Cursor of the next page; null at the end.' });
export const time = z.iso.datetime();
/** Who did something, as far as its customer is concerned. */
export const actors = ['customer', 'staff', 'provider', 'shop'] as const;

export const walletAnswer = z
  .object({
    currency: z.string(),
    balance: amount.meta({ description: 'Cash, Stars and bonus together.' }),
    cash: amount,
    stars: amount.meta({ description: 'What came in Stars, and buys what Stars may buy; in `currency`.' }),
    bonus: amount,
    debt: amount.meta({ description: 'What was taken back and was not there any more; paid first by what comes.' }),
    entries: z.array(
      z.object({
        id,
        at: time,
        amount: z.int().meta({ description: 'Positive: it came in.' }),
        balance: amount.meta({ description: 'After it.' }),
        reason: z.string().meta({ description: 'The event’s name in the table of postings.' }),
        by: z.enum(actors),
        code: z.string().nullable().meta({ description: 'Of its order.' }),
      }),
    ),
    next,
  })
  .meta({ id: 'Wallet' });
export type WalletAnswer = z.infer<typeof walletAnswer>;

export const refillsAnswer = z
  .object({
    currency: z.string(),
    minimum: amount.meta({ description: 'Between what and what the wallet is topped up at once.' }),
    maximum: amount,
    suggested: z.array(amount),
    methods: z
      .array(z.object({ method: z.enum(depositMethods), minimum: amount, maximum: amount, coins: z.boolean() }))
      .meta({ description: 'What it may be topped up by now; none while nothing can be.' }),
  })
  .meta({ id: 'Refills' });
export type RefillsAnswer = z.infer<typeof refillsAnswer>;

const coinMethods = methodNames.filter(takesCoins);
export const coinsQuery = z.strictObject({ method: z.enum(coinMethods as [MethodName, ...MethodName[]]) });
export const coinsAnswer = z
  .object({
    currency: z.string(),
    coins: z.array(
      z.object({
        coin: z.enum(Object.keys(networkCoins) as NetworkCoin[]),
        minimum: amount.meta({ description: 'The least of one payment, in `currency`.' }),
        price: z.string().nullable().meta({ description: 'About what one costs, a decimal number of whole units of `currency`.' }),
      }),
    ),
  })
  .meta({ id: 'Coins' });
export type CoinsAnswer = z.infer<typeof coinsAnswer>;
