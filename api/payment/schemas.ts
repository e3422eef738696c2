/** What the Mini App sends and gets. The routes parse with these schemas, and the published description is made of them. */
import { z } from 'zod';
import { type NetworkCoin, networkCoins } from '../../domain/coin.ts';
import { depositMethods, depositStatuses } from '../../domain/deposit.ts';
import { orderStatuses } from '../../domain/order.ts';
import { methodNames, orderMethods, paymentStatuses } from '../../domain/payment.ts';
import { basketLines, quantity } from '../schemas/basket.ts';
import { id } from '../schemas/shop.ts';

/** More than any amount of ours; what a method or a shop allows is decided by the order or the deposit. */
const mostMinorUnits = 1_000_000_000_000;

export const wishedAmount = z.int().min(1).max(mostMinorUnits).meta({ description: 'Minor units of the shop’s currency.', example: 5000 });
const currency = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]{2,15}$/, 'a currency or a coin is needed, e.g. EUR or USDT_TRC20')
  .meta({
    description:
      'Of a method that is paid in coins: which coin on which network, which is needed then. Else what the amounts are in; another one is refused.',
    example: 'EUR',
  });
const shownTotal = z.int().min(0).max(mostMinorUnits).meta({
  description:
    'What the customer was shown, in the currency of the payment: minor units of the shop’s, or Stars. Another price now is refused as `PriceChanged`.',
});

export const createBody = z
  .strictObject({
    type: z.enum(['basket', 'product']),
    productId: id.optional().meta({ description: 'For `product`: which one.' }),
    quantity: quantity.optional().meta({ description: 'For `product`: how many pieces, if not one.' }),
    lines: basketLines
      .min(1)
      .optional()
      .meta({ description: 'For `basket`: these lines of it alone, as they stand there; else it is refused as `BasketChanged`.' }),
    amount: wishedAmount
      .optional()
      .meta({ description: 'For a `donation`: what the customer gives, minor units of the shop’s currency. None: its usual amount.' }),
    method: z.enum(orderMethods),
    currency: currency.optional(),
    shownTotal: shownTotal.optional(),
  })
  .refine(({ type, productId }) => (type === 'product') === (productId !== undefined), {
    path: ['productId'],
    error: 'is needed for `product`, and for it alone',
  })
  .refine(({ type, quantity: pieces }) => type === 'product' || pieces === undefined, {
    path: ['quantity'],
    error: 'is for `product` alone',
  })
  .refine(({ type, lines }) => type === 'basket' || lines === undefined, { path: ['lines'], error: 'is for `basket` alone' })
  .refine(({ type, amount: named }) => type === 'product' || named === undefined, { path: ['amount'], error: 'is for one product alone' })
  .meta({ id: 'CreatePayment' });
export type CreateBody = z.infer<typeof createBody>;

export const refillBody = z
  .strictObject({ amount: wishedAmount, method: z.enum(depositMethods), currency: currency.optional() })
  .meta({ id: 'CreateRefill' });
export type RefillBody = z.infer<typeof refillBody>;

const paymentId = z.string().regex(/^(?:[0-9A-HJKMNP-TV-Z]{8}-[1-9]\d{0,5}|deposit-[0-9A-HJKMNP-TV-Z]{8})$/, 'is no id of a payment');
const time = z.iso.datetime().meta({ example: '2026-11-26T17:15:00.000Z' });

/** What the customer does now: one of these, as `waysToPay` in api/payment/answer.ts says. */
const wayToPay = {
  paid: z.literal(true).optional().meta({ description: 'Nothing is left to do.' }),
  url: z.url().optional().meta({ description: 'A page of the provider; open it outside the Mini App.' }),
  pay_address: z.string().optional(),
  pay_amount: z.string().optional().meta({ description: 'Units of the coin, exactly.', example: '0.00051234' }),
  pay_currency: z
    .enum(Object.keys(networkCoins) as NetworkCoin[])
    .optional()
    .meta({ description: 'The coin on its network.' }),
  pay_memo: z.string().optional().meta({ description: 'Memo or tag without which the money is not found.' }),
  qr: z.string().optional().meta({ description: 'A picture of the code a wallet reads, as a `data:` address.' }),
  transfer: z
    .object({ to: z.enum(['account', 'phone']), number: z.string(), name: z.string(), bank: z.string().optional(), title: z.string() })
    .optional()
    .meta({
      description: 'A transfer to the shop’s own account or phone; its title says what it is for. The receipt is sent in the chat.',
    }),
  invoice_link: z.url().optional().meta({ description: 'For `Telegram.WebApp.openInvoice`.' }),
};

export const paymentAnswer = z
  .object({ payment_id: paymentId, method: z.enum(methodNames), expires_at: time, ...wayToPay })
  .meta({ id: 'Payment' });
export type PaymentAnswer = z.infer<typeof paymentAnswer>;

export const statusAnswer = z
  .object({
    payment_id: paymentId,
    status: z.enum(paymentStatuses),
    final: z.boolean().meta({ description: 'Nothing more is expected of this payment.' }),
    method: z.enum(methodNames),
    amount: z.int().min(0),
    currency: z.string(),
    expires_at: time,
    order: z.object({ code: z.string(), status: z.enum(orderStatuses) }).optional(),
    deposit: z.object({ code: z.string(), status: z.enum(depositStatuses) }).optional(),
    ...wayToPay,
  })
  .meta({ id: 'PaymentStatus' });
export type StatusAnswer = z.infer<typeof statusAnswer>;

export const nonceAnswer = z.object({ nonce: z.string(), expires_at: time }).meta({ id: 'Nonce' });

export const paymentPath = z.object({ id: paymentId });
export const callHeaders = z.object({
  'x-nonce': z
    .string()
    .regex(/^[\w-]{43}$/, 'is no nonce of ours')
    .meta({ description: 'From `POST /api/payment/nonce`; good once.' }),
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{8,128}$/, '8 to 128 visible characters are needed')
    .meta({ description: 'The same key is the same payment, however often it is sent.' }),
});
