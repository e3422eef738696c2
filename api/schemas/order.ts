/** Orders, as their customer gets them. Amounts are whole minor units of `currency`; of Stars whole Stars. */
import { z } from 'zod';
import { orderStatuses } from '../../domain/order.ts';
import { deliveryStatuses } from '../../domain/delivery.ts';
import { parseOrderCode } from '../../domain/order-code.ts';
import { methodNames, orderMethods } from '../../domain/payment.ts';
import { productKinds } from '../../domain/product.ts';
import { orderSteps } from '../../db/repositories/order-story.ts';
import { statusAnswer } from '../payment/schemas.ts';
import { offered } from './basket.ts';
import { amount, id } from './shop.ts';
import { actors, next, time } from './wallet.ts';

const row = {
  code: z.string().meta({ example: 'K7Q4MX2P' }),
  status: z.enum(orderStatuses),
  method: z.enum(methodNames),
  total: amount,
  starsTotal: amount.nullable(),
  currency: z.string(),
  placedAt: time,
  payUntil: time.nullable().meta({ description: 'While it can be paid.' }),
};

export const ordersAnswer = z
  .object({
    orders: z
      .array(z.object({ ...row, lines: z.array(z.object({ productId: id, title: z.string(), quantity: z.int() })) }))
      .meta({ description: 'Newest first.' }),
    next,
  })
  .meta({ id: 'Orders' });
export type OrdersAnswer = z.infer<typeof ordersAnswer>;

const good = z.object({
  kind: z.enum(['text', 'link', 'file']),
  text: z.string().meta({ description: 'The text, the address, or the name of a file that is in the chat.' }),
});
export const goodsAnswer = z.object({ goods: z.array(good) }).meta({ id: 'Goods' });
export type GoodsAnswer = z.infer<typeof goodsAnswer>;

const place = z.object({
  city: z.string(),
  district: z.string(),
  name: z.string(),
  address: z.string(),
  hours: z.string(),
  instructions: z.string(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  photoId: id.nullable().meta({ description: 'At `/api/orders/{code}/photos/{id}`.' }),
});

export const orderAnswer = z
  .object({
    ...row,
    tax: amount.meta({ description: 'Included in `total`.' }),
    promo: z
      .object({ code: z.string(), saved: amount, savedStars: amount })
      .nullable()
      .meta({ description: 'The promo code it was placed with, and what that took off.' }),
    paidAt: time.nullable(),
    endedBy: z.enum(['holdEnded', 'settlementEnded', 'customer', 'staff', 'temporal']).nullable(),
    held: amount.meta({ description: 'What has arrived of `total` while it is not paid.' }),
    toWallet: amount.meta({ description: 'What arrived and was not needed: in the wallet.' }),
    lines: z.array(
      z.object({
        id,
        productId: id,
        kind: z.enum(productKinds),
        title: z.string(),
        quantity: z.int(),
        basePrice: amount,
        discountPercent: z.int(),
        price: amount,
        starsPrice: amount.nullable(),
        total: amount.meta({ description: '`price` times `quantity`, before a promo code.' }),
        delivery: z.enum(deliveryStatuses).nullable().meta({ description: 'How far its goods are; null while it is not paid.' }),
        goods: z.array(good).meta({ description: 'What was shown already.' }),
        canShow: z.boolean().meta({ description: 'It has goods to be shown: `POST /api/orders/{code}/lines/{lineId}/show`.' }),
        handoverCode: z.string().nullable().meta({ description: 'To be told where it is collected.' }),
        place: place.nullable().meta({ description: 'Where it is collected, once paid.' }),
      }),
    ),
    refunds: z.array(z.object({ amount, currency: z.string(), status: z.string() })),
    payment: statusAnswer.nullable().meta({ description: 'The attempt in force, with the way to pay while there is one.' }),
    paymentId: z.string().nullable(),
    attempt: z.int().meta({ description: 'Number of the next attempt; what `pay` is asked with.' }),
    methods: z.array(offered).meta({ description: 'What else it may be paid by now, or again.' }),
    canCancel: z.boolean(),
    canResend: z.boolean(),
    canClaim: z.boolean().meta({ description: 'Some of it is under warranty, or was reported: `GET /api/orders/{code}/claims`.' }),
    timeline: z.array(
      z.object({
        at: time,
        step: z.enum(orderSteps),
        by: z.enum(actors),
        method: z.enum(methodNames).nullable(),
        title: z.string().nullable().meta({ description: 'Of the goods it is about.' }),
        amount: amount.nullable(),
        currency: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Order' });
export type OrderAnswer = z.infer<typeof orderAnswer>;

const code = z
  .string()
  .max(20)
  .transform((text, ctx) => {
    const known = parseOrderCode(text);
    if (known === undefined) ctx.addIssue({ code: 'custom', message: 'is no code of an order' });
    return known ?? z.NEVER;
  });
const idText = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'is no number of ours')
  .transform(Number);
export const orderPath = z.object({ code });
export const orderLinePath = z.object({ code, lineId: idText });
export const orderPhotoPath = z.object({ code, id: idText });

export const payBody = z
  .strictObject({
    method: z.enum(orderMethods),
    currency: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]{2,15}$/, 'a currency or a coin is needed, e.g. EUR or USDT_TRC20')
      .optional(),
    attempt: z
      .int()
      .min(2)
      .max(1_000)
      .meta({ description: '`attempt` of the order as it was shown: however often it is sent, it is one.' }),
  })
  .meta({ id: 'PayOrder' });
export type PayBody = z.infer<typeof payBody>;
