/** Looking around: cities, districts, categories, products. */
import type { InlineKeyboardButton } from 'grammy/types';
import { fitPicks, isAvailable, type Picks, pickVariant } from '../../domain/option.ts';
import type { ProductOption } from '../../domain/product.ts';
import type { QuotedLine } from '../../domain/pricing.ts';
import type { Texts } from '../bundle.ts';
import type { Callback, Origin } from '../callback.ts';
import { mapLink, shareButton, type Sharing } from '../links.ts';
import { bold, cutRich, isolate, lines, type RichText, rich, strikethrough } from '../rich-text.ts';
import { backRow, homeButton, makeScreen, pageRow, pairs, type Screen, tapButton, urlButton } from './screen.ts';
import { watchButton } from './stock-watch.ts';

/** A product as it is shown: one piece, quoted now. */
export interface ShownProduct {
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly photoId: number | null;
  /** Free units; `Infinity` when it never runs out. */
  readonly stock: number;
  /** Whether this customer waits for it to be back; absent when nobody can. */
  readonly watching?: boolean | undefined;
  readonly customerLimit: number | null;
  readonly quote: QuotedLine;
  /** What it would cost in Stars without discount; null when it cannot be paid so. */
  readonly baseStars: number | null;
  readonly currency: string;
  readonly point: {
    readonly id: number;
    readonly city: string;
    readonly district: string;
    readonly name: string;
    readonly address: string;
    readonly hours: string;
    /** The map pin, degrees. */
    readonly latitude?: number | null | undefined;
    readonly longitude?: number | null | undefined;
  } | null;
  readonly categoryId: number | null;
  readonly options: readonly ProductOption[];
  readonly variants: readonly ShownProduct[];
  readonly optionValues: readonly string[];
  /** The customer names the amount, minor units. */
  readonly donation: { readonly minimum: number; readonly maximum: number; readonly usual: readonly number[] } | null;
}

export interface ShopFront {
  readonly open: boolean;
  readonly cities: readonly { readonly city: string; readonly pointId: number }[];
  /** An empty name: products of no category. */
  readonly categories: readonly { readonly id: number; readonly name: string }[];
}

export function shopScreen(texts: Texts, front: ShopFront): Screen {
  const isEmpty = front.cities.length === 0 && front.categories.length === 0;
  const content = lines([
    bold(texts.say('shop-title')),
    texts.say(isEmpty ? 'shop-empty' : 'shop-choose'),
    front.open ? undefined : texts.say('shop-closed-note'),
  ]);
  const cities = front.cities.slice(0, 40).map(({ city, pointId }) => tapButton(`📍 ${isolate(city)}`, { to: 'city', pointId }));
  const categories = front.categories
    .slice(0, 40)
    .map(({ id, name }) =>
      tapButton(`🏷 ${name === '' ? texts.say('shop-other') : isolate(name)}`, { to: 'category', categoryId: id, page: 0 }),
    );
  return makeScreen(content, [...pairs(cities), ...pairs(categories), [homeButton(texts)]]);
}

export function cityScreen(
  texts: Texts,
  city: string,
  districts: readonly { district: string; pointId: number; products: number }[],
): Screen {
  const content = lines([
    bold(texts.say('shop-city-title', { city: isolate(city) })),
    districts.length === 0 ? texts.say('shop-list-empty') : undefined,
  ]);
  const buttons = districts
    .slice(0, 60)
    .map(({ district, pointId, products }) => tapButton(`${isolate(district)} (${products})`, { to: 'district', pointId, page: 0 }));
  return makeScreen(content, [...pairs(buttons), backRow(texts, { to: 'shop' })]);
}

export interface ProductList {
  readonly title: string;
  readonly products: readonly ShownProduct[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
  readonly pageTo: (page: number) => Callback;
  readonly back: Callback;
  /** This page of it, for the cards opened from here. */
  readonly origin: Origin;
  /** Said under the title. */
  readonly note?: string | undefined;
  /** Lists go no further than this: said under the products. */
  readonly isCut?: boolean;
}

export function productListScreen(texts: Texts, list: ProductList): Screen {
  const { products } = list;
  const content = lines([
    bold(isolate(list.title)),
    products.length === 0 ? texts.say('shop-list-empty') : texts.say('shop-list-found', { count: list.total }),
    list.note,
    '',
    // The price on a line of its own: a phone would break it.
    ...products.flatMap((product) => [
      bold(isolate(product.title)),
      rich('    ', listPrice(texts, product), product.stock < 1 ? ` · ${texts.say('product-stock-none')}` : ''),
    ]),
    ...(list.isCut && list.page + 1 === list.pages ? ['', texts.say('shop-list-cut', { count: list.total })] : []),
  ]);
  const rows = products.map((product) => [
    tapButton(isolate(product.title), { to: 'product', productId: product.id, origin: list.origin }),
  ]);
  return makeScreen(content, [...rows, pageRow(list.page, list.pages, list.pageTo), backRow(texts, list.back)]);
}

/** `from 80.00 PLN` where variants cost differently, and what may be given where the customer says how much. */
function listPrice(texts: Texts, product: ShownProduct): RichText {
  const { variants, donation, quote, currency } = product;
  if (donation) return rich(amountsText(texts, 'product-amounts', donation, currency));
  const varies = variants.some((one) => one.quote.price !== quote.price || one.quote.starsPrice !== quote.starsPrice);
  return varies ? texts.sayRich('product-from', { price: priceText(texts, product) }) : priceText(texts, product);
}

function amountsText(
  texts: Texts,
  id: 'product-amounts' | 'amount-bounds',
  { minimum, maximum }: { minimum: number; maximum: number },
  currency: string,
): string {
  return texts.say(id, { minimum: texts.money(minimum, currency), maximum: texts.money(maximum, currency) });
}

/** `~~100.00~~ 80.00 PLN, -20%`, in Stars, or both. */
export function priceText(texts: Texts, { quote, baseStars, currency }: Pick<ShownProduct, 'quote' | 'baseStars' | 'currency'>): RichText {
  const isPaidInMoney = quote.methods.some((method) => method !== 'stars') || quote.starsPrice === null;
  const prices = [
    ...(isPaidInMoney ? [oneprice(texts, quote.basePrice, quote.price, currency)] : []),
    ...(quote.starsPrice !== null && !(isPaidInMoney && quote.price === 0)
      ? [oneprice(texts, baseStars ?? quote.starsPrice, quote.starsPrice, 'XTR')]
      : []),
  ];
  const joined = prices.flatMap((price, index) => (index === 0 ? [price] : [` ${texts.say('product-or')} `, price]));
  return rich(...joined, quote.discountPercent > 0 ? `, -${quote.discountPercent}%` : '');
}

function oneprice(texts: Texts, base: number, price: number, currency: string): RichText {
  const now = price === 0 ? texts.say('word-free') : texts.money(price, currency);
  return base > price ? rich(strikethrough(texts.money(base, currency)), ' ', now) : rich(now);
}

/** Few enough to say how many. */
const fewLimit = 5;

function stockText(texts: Texts, stock: number): string {
  if (stock === Number.POSITIVE_INFINITY) return texts.say('product-stock-always');
  if (stock < 1) return texts.say('product-stock-none');
  return stock <= fewLimit ? texts.say('product-stock-few', { count: stock }) : texts.say('product-stock-plenty');
}

/** A caption may be 1,024 characters; price and stock must fit under the description. */
const descriptionLimit = 600;

export interface ProductCard {
  /** What it was opened from. */
  readonly origin?: Origin | undefined;
  /** Answers the last tap. */
  readonly notice?: string | undefined;
  /** Pieces in the basket, of whatever. */
  readonly basketCount?: number;
  readonly sharing?: Sharing | undefined;
  /** The chosen value of each option. */
  readonly picks?: Picks;
  /** Its pictures, the first first, and which is shown. */
  readonly photoIds?: readonly number[];
  readonly photo?: number;
}

/** The card of one product: what is chosen of its options is what it sells. */
export function productScreen(texts: Texts, product: ShownProduct, card: ProductCard = {}): Screen {
  const { point, options, variants } = product;
  const { origin, notice, basketCount = 0, sharing, photoIds = [] } = card;
  const picks = fitPicks(options, card.picks);
  const sold = options.length === 0 ? product : pickVariant(options, variants, picks);
  const isOpen = picks.includes(null);
  const open = options.filter((_, place) => picks[place] === null).map(({ name }) => name);
  const photo = Math.min(card.photo ?? 0, Math.max(0, photoIds.length - 1));
  const cardOf = (more: { picks?: Picks; photo?: number }): Callback => ({
    to: 'card',
    productId: product.id,
    picks,
    photo,
    origin,
    ...more,
  });
  const content = lines([
    ...(notice === undefined ? [] : [`❗ ${notice}`, '']),
    bold(isolate(product.title)),
    ...(product.description === '' ? [] : [cutRich(rich(product.description), descriptionLimit), '']),
    ...options.flatMap(({ name, values }, place) => {
      const value = values[picks[place] ?? -1];
      return value === undefined ? [] : [texts.say('product-option', { name: isolate(name), value: isolate(value) })];
    }),
    listPrice(texts, sold ?? product),
    stockText(texts, isOpen ? product.stock : (sold?.stock ?? 0)),
    isOpen && product.stock >= 1 ? texts.say('product-choose', { options: isolate(open.join(', ')) }) : undefined,
    product.customerLimit === null ? undefined : texts.say('product-limit', { count: product.customerLimit }),
    ...(point
      ? [
          texts.say('product-pickup', { place: isolate(`${point.name}, ${point.address}`) }),
          texts.say('product-hours', { hours: isolate(point.hours) }),
        ]
      : []),
  ]);
  const rows = [
    pageRow(photo, photoIds.length, (to) => cardOf({ photo: to })),
    ...options.flatMap((option, place) => optionRows(product, option, { picks, place, cardOf })),
    ...(sold && sold.stock >= 1 ? buyRows(texts, sold, origin) : []),
    sold && product.watching !== undefined ? [watchButton(texts, sold.id, product.watching)] : [],
  ];
  const basket = basketCount > 0 ? [tapButton(texts.say('menu-basket-count', { count: basketCount }), { to: 'basket' })] : [];
  const further = [...mapButtons(texts, point), ...(sharing ? [shareButton(texts.say('product-share'), sharing, product.title)] : [])];
  return makeScreen(
    content,
    [...rows, basket, further, backRow(texts, backOf(product, origin))],
    photoIds[photo] ?? product.photoId ?? undefined,
  );
}

/** Values of one option, three a row: ✓ is chosen, ✕ cannot be had with the rest that is. Both may be pressed: the card says what there is. */
function optionRows(
  { options, variants }: ShownProduct,
  { values }: ProductOption,
  { picks, place, cardOf }: { picks: Picks; place: number; cardOf: (more: { picks: Picks; photo: number }) => Callback },
): InlineKeyboardButton[][] {
  if (values.length === 1) return [];
  const buttons = values.map((value, index) => {
    const mark = picks[place] === index ? '✓ ' : isAvailable(options, variants, picks, place, value) ? '' : '✕ ';
    return tapButton(`${mark}${isolate(value)}`, cardOf({ picks: picks.with(place, index), photo: 0 }));
  });
  return Array.from({ length: Math.ceil(buttons.length / 3) }, (_, row) => buttons.slice(row * 3, row * 3 + 3));
}

/** Buying at once or later; what the customer names the amount of is given at once. */
function buyRows(texts: Texts, { id: productId, donation, currency }: ShownProduct, origin: Origin | undefined): InlineKeyboardButton[][] {
  const source = { from: 'product', productId, quantity: 1 } as const;
  if (donation) {
    const usual = donation.usual.map((amount) =>
      tapButton(texts.money(amount, currency), { to: 'confirm', source: { ...source, amount }, origin }),
    );
    return [...pairs(usual), [tapButton(texts.say('product-amount-own'), { to: 'amount', productId, origin })]];
  }
  return [
    [
      { ...tapButton(texts.say('product-buy'), { to: 'confirm', source, origin }), style: 'primary' },
      tapButton(texts.say('product-add'), { to: 'add', productId, origin }),
    ],
  ];
}

/** Which amount? The customer writes it. `isMisfit`: what they wrote is none that is possible. */
export function amountScreen(
  texts: Texts,
  product: ShownProduct,
  { isMisfit = false, origin }: { isMisfit?: boolean; origin?: Origin | undefined } = {},
): Screen {
  const { donation, currency, title, id: productId } = product;
  const bounds = donation ? amountsText(texts, 'amount-bounds', donation, currency) : '';
  const content = lines([
    bold(isolate(title)),
    isMisfit ? `❗ ${texts.say('amount-misfit', { bounds })}` : texts.say('amount-write', { bounds }),
  ]);
  return makeScreen(content, [backRow(texts, { to: 'product', productId, origin })]);
}

function mapButtons(texts: Texts, point: ShownProduct['point']): InlineKeyboardButton[] {
  if (point?.latitude == null || point.longitude == null) return [];
  return [urlButton(texts.say('pickup-map'), mapLink({ latitude: point.latitude, longitude: point.longitude }))];
}

/** What the card was opened from, else the list the product stands in. */
function backOf(product: ShownProduct, origin: Origin | undefined): Callback {
  switch (origin?.from) {
    case 'district':
      return { to: 'district', pointId: origin.pointId, page: origin.page };
    case 'category':
      return { to: 'category', categoryId: origin.categoryId, page: origin.page };
    case 'search':
      return { to: 'found', page: origin.page };
    case 'basket':
      return { to: 'basket' };
    case undefined:
      break;
  }
  if (product.point) return { to: 'district', pointId: product.point.id, page: 0 };
  return { to: 'category', categoryId: product.categoryId ?? 0, page: 0 };
}
