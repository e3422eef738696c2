/** Parameters the sandbox understands of Stripe's requests. Unknown ones are refused as Stripe refuses them. */
import { z } from 'zod';

const integer = z
  .string()
  .regex(/^-?\d{1,15}$/, 'Invalid integer')
  .transform(Number);
const boolean = z.enum(['true', 'false'], 'Invalid boolean').transform((value) => value === 'true');
const metadata = z
  .record(z.string().min(1).max(40), z.string().max(500))
  .refine((entries) => Object.keys(entries).length <= 50, 'at most 50 keys');
const currency = z.string().regex(/^[a-z]{3}$/, 'Invalid currency');
const url = z.url({ protocol: /^https?$/, error: 'Not a valid URL' }).max(5000);
const expand = z.array(z.string()).optional();
const paging = {
  limit: integer.pipe(z.number().min(1).max(100)).optional(),
  starting_after: z.string().optional(),
  ending_before: z.string().optional(),
  expand,
};

const threeDecimals = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd']);
const priceData = z
  .strictObject({
    currency,
    unit_amount: integer.pipe(z.number().min(0, 'must be at least 0').max(99_999_999, 'must be no more than 999,999.99')),
    product_data: z.strictObject({
      name: z.string().min(1, 'You passed an empty string').max(250),
      description: z.string().min(1).optional(),
      images: z.array(z.string()).optional(),
      metadata: metadata.optional(),
    }),
    tax_behavior: z.string().optional(),
  })
  .refine((price) => !threeDecimals.has(price.currency) || price.unit_amount % 10 === 0, {
    path: ['unit_amount'],
    message: 'amounts in three-decimal currencies must end in 0',
  });

export const sessionParams = z.strictObject({
  mode: z.enum(['payment'], 'the sandbox knows mode payment'),
  payment_method_types: z
    .array(z.enum(['card', 'link', 'blik', 'p24', 'sepa_debit'], 'Invalid payment method type'))
    .min(1)
    .optional(),
  adaptive_pricing: z.strictObject({ enabled: boolean }).optional(),
  expires_at: integer.optional(),
  client_reference_id: z.string().min(1).max(200).optional(),
  customer_email: z.email().optional(),
  metadata: metadata.optional(),
  payment_intent_data: z.strictObject({ metadata: metadata.optional(), description: z.string().max(1000).optional() }).optional(),
  line_items: z
    .array(z.strictObject({ price_data: priceData, quantity: integer.pipe(z.number().min(1)) }))
    .min(1)
    .max(100),
  locale: z.enum(['auto', 'en', 'ru', 'pl', 'de', 'fr', 'es', 'it'], 'Invalid locale').optional(),
  success_url: url,
  cancel_url: url.optional(),
  submit_type: z.enum(['auto', 'book', 'donate', 'pay']).optional(),
  expand,
});
export type SessionParams = z.infer<typeof sessionParams>;

const created = z
  .union([integer, z.strictObject({ gt: integer.optional(), gte: integer.optional(), lt: integer.optional(), lte: integer.optional() })])
  .optional();

export const sessionListParams = z.strictObject({
  ...paging,
  created,
  payment_intent: z.string().optional(),
  status: z.enum(['complete', 'expired', 'open']).optional(),
});
export const intentListParams = z.strictObject({ ...paging, created });
export const chargeListParams = z.strictObject({ ...paging, created, payment_intent: z.string().optional() });
export const refundListParams = z.strictObject({
  ...paging,
  created,
  payment_intent: z.string().optional(),
  charge: z.string().optional(),
});
export const balanceListParams = z.strictObject({
  ...paging,
  created,
  currency: currency.optional(),
  source: z.string().optional(),
  type: z.string().optional(),
});
export const eventListParams = z.strictObject({ ...paging, created, type: z.string().optional() });
export const searchParams = z.strictObject({ query: z.string().min(1), limit: paging.limit, page: z.string().optional(), expand });
export const expandParams = z.strictObject({ expand });

export const refundParams = z
  .strictObject({
    payment_intent: z.string().optional(),
    charge: z.string().optional(),
    amount: integer.pipe(z.number().min(1, 'must be greater than or equal to 1')).optional(),
    metadata: metadata.optional(),
    reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
    expand,
  })
  .refine((params) => (params.payment_intent === undefined) !== (params.charge === undefined), {
    path: ['payment_intent'],
    message: 'give one of payment_intent and charge',
  });
export type RefundParams = z.infer<typeof refundParams>;
