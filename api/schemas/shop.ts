/** The shop and its products, as the Mini App gets them. Amounts are whole minor units of `currency`; amounts in Stars whole Stars. */
import { z } from 'zod';
import { languages } from '../../domain/language.ts';
import { methodNames } from '../../domain/payment.ts';
import { productKinds } from '../../domain/product.ts';

export const id = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
export const amount = z.int().min(0);
/** A number as addresses carry it. */
const idText = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'is no number of ours')
  .transform(Number)
  .pipe(id);
/** What PostgreSQL can hold, and a person would type. */
const words = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\0]*$/, 'is no text');

/** By id of the text. */
export const wording = z
  .record(z.string(), z.string())
  .meta({ description: 'What the shop says in that language instead of our texts: by id of the text, in Fluent’s syntax of a value.' });

export const shopAnswer = z
  .object({
    title: z.string(),
    currency: z.string(),
    open: z.boolean().meta({ description: 'Selling is on.' }),
    bot: z.string().nullable().meta({ description: 'Its name at Telegram, without the @.' }),
    language: z.enum(languages).meta({ description: 'The customer’s.' }),
    wording,
    methods: z.array(z.enum(methodNames)).meta({ description: 'What this customer may pay orders by now.' }),
    cities: z.array(z.object({ city: z.string(), products: z.int() })).meta({ description: 'Where something is collected.' }),
    categories: z
      .array(z.object({ id: z.int().min(0), name: z.string(), products: z.int() }))
      .meta({ description: 'Number 0, without a name: products of no category that are not collected anywhere.' }),
    kinds: z.array(z.enum(productKinds)),
    basketCount: z.int().meta({ description: 'Pieces in the customer’s basket.' }),
  })
  .meta({ id: 'Shop' });
export type ShopAnswer = z.infer<typeof shopAnswer>;

export const cityQuery = z.strictObject({ city: words });
export const districtsAnswer = z
  .object({ districts: z.array(z.object({ district: z.string(), products: z.int() })) })
  .meta({ id: 'Districts' });

export const productsQuery = z
  .strictObject({
    q: words.optional().meta({ description: 'Words of its name, in any of the shop’s languages.' }),
    city: words.optional(),
    district: words.optional().meta({ description: 'Of `city`.' }),
    category: z
      .string()
      .regex(/^(?:0|[1-9]\d{0,14})$/, 'is no category')
      .transform(Number)
      .optional(),
    kind: z.enum(productKinds).optional(),
    cursor: words.optional().meta({ description: '`next` of the page before.' }),
  })
  .refine(({ city, district }) => district === undefined || city !== undefined, { path: ['city'], error: 'is needed with a district' });

const productFields = {
  id,
  kind: z.enum(productKinds),
  title: z.string(),
  photoId: id.nullable().meta({ description: 'At `/api/photos/{id}`.' }),
  basePrice: amount.meta({ description: 'One piece before discounts.' }),
  discountPercent: z.int().min(0).max(100).meta({ description: 'The better of the product’s discount and the customer’s tier.' }),
  price: amount.meta({ description: 'One piece now: what an order charges.' }),
  baseStarsPrice: amount.nullable(),
  starsPrice: amount.nullable().meta({ description: 'One piece in Stars; null when it cannot be paid so.' }),
  currency: z.string(),
  stock: z.int().min(0).nullable().meta({ description: 'Pieces that can be had; null when it never runs out.' }),
  customerLimit: z.int().min(1).nullable().meta({ description: 'At most so many for one customer.' }),
  methods: z.array(z.enum(methodNames)).meta({ description: 'What it may be paid by.' }),
  categoryId: id.nullable(),
  hasOptions: z
    .boolean()
    .meta({ description: 'Something is chosen about it first: its price is the least, its stock that of all together.' }),
  place: z.object({ city: z.string(), district: z.string(), name: z.string() }).nullable().meta({ description: 'Where it is collected.' }),
};

export const product = z.object(productFields).meta({ id: 'Product' });
export type ProductAnswer = z.infer<typeof product>;

export const productsAnswer = z
  .object({
    products: z.array(product),
    next: z
      .string()
      .nullable()
      .meta({ description: 'Cursor of the next page; null at the end. A page may be short and yet have a next one.' }),
    corrected: z.string().nullable().meta({ description: 'What was searched for instead of `q`, which had slips of the pen.' }),
  })
  .meta({ id: 'Products' });

const watching = z.boolean().meta({ description: 'The customer waits for it: they are told when there is some again.' });
export const watchingAnswer = z.object({ watching }).meta({ id: 'Watching' });
export type WatchingAnswer = z.infer<typeof watchingAnswer>;

export const productCard = z
  .object({
    ...productFields,
    description: z.string(),
    photoIds: z.array(id).meta({ description: 'All its pictures, the first first.' }),
    options: z
      .array(z.object({ name: z.string(), values: z.array(z.string()) }))
      .meta({ description: 'What is chosen about it; then one of `variants` is bought, not the product itself.' }),
    variants: z
      .array(product.extend({ optionValues: z.array(z.string()).meta({ description: 'Of each option, in their order.' }), watching }))
      .meta({ description: 'Those on sale.' }),
    amounts: z
      .object({ minimum: amount, maximum: amount, usual: z.array(amount) })
      .nullable()
      .meta({ description: 'Of what the customer names the price of: between what and what.' }),
    watching,
    lessons: z.array(z.string()).meta({ description: 'Titles of a course’s lessons.' }),
    link: z.url().nullable().meta({ description: 'Opens it in the shop’s chat; for friends.' }),
    place: z.object({ city: z.string(), district: z.string(), name: z.string(), address: z.string(), hours: z.string() }).nullable(),
  })
  .meta({ id: 'ProductCard' });
export type ProductCardAnswer = z.infer<typeof productCard>;

export const idPath = z.object({ id: idText });
export const productPath = z.object({ productId: idText });
