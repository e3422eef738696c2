/** The basket and what lines cost, as the Mini App sends and gets them. */
import { z } from 'zod';
import { methodNames } from '../../domain/payment.ts';
import { basketLineLimit, basketQuantityLimit } from '../../db/repositories/basket.ts';
import { amount, id, product } from './shop.ts';

export const quantity = z.int().min(1).max(basketQuantityLimit);
export const placedLine = z.strictObject({ productId: id, quantity }).meta({ id: 'Line' });

/** Each product once. */
export const placedLines = z
  .array(placedLine)
  .max(basketLineLimit)
  .refine((lines) => new Set(lines.map(({ productId }) => productId)).size === lines.length, { error: 'name each product once' });

export const basketBody = z.strictObject({ lines: placedLines }).meta({ id: 'BasketLines' });
export const basketLineBody = z
  .strictObject({ quantity: z.int().min(0).max(basketQuantityLimit).meta({ description: '0 takes it out.' }) })
  .meta({ id: 'BasketQuantity' });

const quotedLine = product
  .extend({ quantity, total: amount.meta({ description: '`price` times `quantity`.' }) })
  .meta({ id: 'QuotedLine' });

const quote = {
  lines: z.array(quotedLine).meta({ description: 'What is on sale of what was asked for.' }),
  gone: z.array(z.string()).meta({ description: 'Titles of what no longer is.' }),
  total: amount.meta({ description: 'What an order of these lines charges now; send it as `shownTotal`.' }),
  starsTotal: amount.nullable(),
  tax: amount.meta({ description: 'Included in `total`.' }),
  currency: z.string(),
};

export const basketAnswer = z
  .object({
    ...quote,
    groups: z
      .array(z.array(id))
      .meta({ description: 'Products by orders: one group when a method pays for all of them, else one order a group.' }),
  })
  .meta({ id: 'Basket' });
export type BasketAnswer = z.infer<typeof basketAnswer>;

export const quoteQuery = z.strictObject({
  lines: z
    .string()
    .regex(/^[1-9]\d{0,14}x[1-9]\d{0,3}(?:,[1-9]\d{0,14}x[1-9]\d{0,3})*$/, 'products and pieces are needed, e.g. 12x1,15x2')
    .transform((text) => text.split(',').map((line) => line.split('x').map(Number)))
    .transform((pairs) => pairs.map(([productId, pieces]) => ({ productId, quantity: pieces })))
    .pipe(placedLines)
    .optional()
    .meta({ description: 'Products and pieces, `12x1,15x2`; without it the basket.' }),
});

const offered = z.object({
  method: z.enum(methodNames),
  amount: amount.meta({ description: 'What the order costs by it, in `currency`.' }),
  currency: z.string().meta({ description: 'The shop’s, or XTR.' }),
  minimum: amount.meta({ description: 'The least and the most it takes at once, in `currency`.' }),
  maximum: amount,
  offered: z.boolean().meta({ description: 'The amount is within these bounds.' }),
  coins: z.boolean().meta({ description: 'A coin is chosen: `GET /api/coins`.' }),
});

export const quoteAnswer = z
  .object({
    ...quote,
    methods: z.array(offered).meta({ description: 'What this customer may pay these lines by now.' }),
    balance: amount.meta({ description: 'What the wallet may pay of these lines.' }),
    topUp: amount
      .nullable()
      .meta({ description: 'What tops the wallet up so that it can pay; null when it can, or when no top-up would do.' }),
    holdSeconds: z.int().meta({ description: 'How long an order of them can be paid.' }),
    open: z.boolean(),
  })
  .meta({ id: 'Quote' });
export type QuoteAnswer = z.infer<typeof quoteAnswer>;
