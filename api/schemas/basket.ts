/** The basket and what lines cost, as the Mini App sends and gets them. */
import { z } from 'zod';
import { methodNames } from '../../domain/payment.ts';
import { codeRefusals } from '../../domain/promo-code.ts';
import { basketLineLimit, basketQuantityLimit } from '../../domain/order.ts';
import { amount, id, product } from './shop.ts';

export const quantity = z.int().min(1).max(basketQuantityLimit);
const line = z.strictObject({ productId: id, quantity }).meta({ id: 'Line' });
/** Of what the customer names the price of: for one unit, minor units. */
const namedAmount = z.int().min(1).max(1_000_000_000_000);

const once = (lines: readonly { readonly productId: number }[]) => new Set(lines.map(({ productId }) => productId)).size === lines.length;

/** Lines of a basket, each product once. */
export const basketLines = z.array(line).max(basketLineLimit).refine(once, { error: 'name each product once' });
/** Lines of an order, which may name amounts. */
const placedLines = z
  .array(z.strictObject({ productId: id, quantity, amount: namedAmount.optional() }))
  .max(basketLineLimit)
  .refine(once, { error: 'name each product once' });

export const basketBody = z.strictObject({ lines: basketLines }).meta({ id: 'BasketLines' });
export const basketLineBody = z
  .strictObject({ quantity: z.int().min(0).max(basketQuantityLimit).meta({ description: '0 takes it out.' }) })
  .meta({ id: 'BasketQuantity' });

const quotedLine = product
  .extend({
    quantity,
    codeDiscount: amount.meta({ description: 'What the promo code takes off all pieces of it.' }),
    total: amount.meta({ description: '`price` times `quantity`, less `codeDiscount`.' }),
  })
  .meta({ id: 'QuotedLine' });

const quote = {
  lines: z.array(quotedLine).meta({ description: 'What is on sale of what was asked for.' }),
  gone: z.array(z.string()).meta({ description: 'Titles of what no longer is.' }),
  total: amount.meta({ description: 'What an order of these lines charges now; send it as `shownTotal`.' }),
  starsTotal: amount.nullable(),
  tax: amount.meta({ description: 'Included in `total`.' }),
  currency: z.string(),
  code: z
    .object({
      code: z.string(),
      refusal: z.enum(codeRefusals).nullable().meta({ description: 'Why it does not apply to these lines.' }),
      minimumTotal: amount.meta({ description: 'What lines must come to before it.' }),
      saved: amount,
      savedStars: amount,
    })
    .nullable()
    .meta({ description: 'The promo code the customer entered, here or in the chat.' }),
};

export const codeBody = z.strictObject({ code: z.string().min(1).max(64) }).meta({ id: 'EnterCode' });

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
    .regex(/^(?:[1-9]\d{0,14}x[1-9]\d{0,3}(?:@[1-9]\d{0,11})?(?:,(?=.)|$))+$/, 'products and pieces are needed, e.g. 12x1,15x2')
    .transform((text) => text.split(',').map((each) => each.split(/[x@]/).map(Number)))
    .transform((parts) =>
      parts.map(([productId, pieces, named]) => ({ productId, quantity: pieces, ...(named === undefined ? {} : { amount: named }) })),
    )
    .pipe(placedLines)
    .optional()
    .meta({ description: 'Products and pieces, `12x1,15x2`; `@` and an amount where the customer names it. Without it the basket.' }),
});

export const offered = z.object({
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
