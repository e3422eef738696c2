/** A product's card: its options, its pictures, its amounts. */
import { describe, expect, test } from 'vitest';
import { languages } from '../../domain/language.ts';
import { kindTraits, type ProductKind } from '../../domain/product.ts';
import { textsOf } from '../../texts/bundle.ts';
import { type Callback, decodeCallback, encodeCallback } from '../../texts/callback.ts';
import type { Screen } from '../../texts/screens/screen.ts';
import { amountScreen, productListScreen, productScreen, type ShownProduct } from '../../texts/screens/shop.ts';

const texts = textsOf('en');

function shown(more: Partial<ShownProduct> & { price?: number; kind?: ProductKind } = {}): ShownProduct {
  const { price = 5000, kind = 'digital', ...fields } = more;
  const id = fields.id ?? 7;
  const methods = [...kindTraits[kind].defaultMethods, 'card' as const];
  const quote = {
    productId: id,
    quantity: 1,
    basePrice: price,
    discountPercent: 0,
    price,
    starsPrice: null,
    codeDiscount: 0,
    codeStars: 0,
    taxRate: 0,
    tax: 0,
    methods,
  };
  return {
    id,
    title: 'T-shirt',
    description: '',
    photoId: null,
    stock: 5,
    customerLimit: null,
    quote,
    baseStars: null,
    currency: 'PLN',
    point: null,
    categoryId: null,
    options: [],
    variants: [],
    optionValues: [],
    donation: null,
    ...fields,
  };
}

const variant = (id: number, optionValues: string[], price: number, stock: number) =>
  shown({ id, title: `T-shirt, ${optionValues.join(', ')}`, optionValues, price, stock });
const shirt = shown({
  options: [
    { name: 'Size', values: ['S', 'M'] },
    { name: 'Colour', values: ['black', 'white'] },
  ],
  variants: [variant(8, ['S', 'black'], 4000, 0), variant(9, ['M', 'black'], 5000, 2), variant(10, ['M', 'white'], 5500, 1)],
  price: 5000,
  stock: 3,
});
const cats = shown({ kind: 'donation', title: 'Cats', donation: { minimum: 200, maximum: 100_000, usual: [1000, 2000] } });

const buttons = (screen: Screen) =>
  (screen.keyboard?.inline_keyboard ?? [])
    .flat()
    .map((button) => ({ text: button.text, callback: 'callback_data' in button ? decodeCallback(button.callback_data) : undefined }));
const bare = (text: string) => text.replaceAll(/[\u2066-\u2069\u00a0]/g, (char) => (char === '\u00a0' ? ' ' : ''));
const targetsOf = (screen: Screen, to: Callback['to']) => buttons(screen).filter(({ callback }) => callback?.to === to);

describe('options', () => {
  test('stand on the card with the lowest price, those that cannot be had marked, and nothing to buy until all are chosen', () => {
    const screen = productScreen(texts, shirt);
    expect(bare(screen.text)).toContain('from 50.00 PLN');
    expect(bare(screen.text)).toContain('Please choose: Size, Colour');
    expect(targetsOf(screen, 'card').map(({ text }) => bare(text))).toEqual(['✕ S', 'M', 'black', 'white']);
    expect([...targetsOf(screen, 'confirm'), ...targetsOf(screen, 'add')]).toEqual([]);
  });

  test('once chosen sell that variant, at its own price', () => {
    const screen = productScreen(texts, shirt, { picks: [1, 1] });
    expect(bare(screen.text)).toContain('55.00 PLN');
    expect(bare(screen.text)).not.toContain('from');
    expect(bare(screen.text)).toContain('Size: M\nColour: white');
    expect(targetsOf(screen, 'card').map(({ text }) => bare(text))).toEqual(['✕ S', '✓ M', 'black', '✓ white']);
    expect(targetsOf(screen, 'confirm').map(({ callback }) => callback)).toEqual([
      expect.objectContaining({ source: { from: 'product', productId: 10, quantity: 1 } }),
    ]);
    expect(targetsOf(screen, 'add').map(({ callback }) => callback)).toEqual([expect.objectContaining({ productId: 10 })]);
  });

  test.each([
    ['is sold out', [0, 0]],
    ['was never made', [0, 1]],
  ])('that lead to what %s say so and lead on', (_, picks) => {
    const screen = productScreen(texts, { ...shirt, watching: picks[1] === 0 ? false : undefined }, { picks });
    expect(bare(screen.text)).toContain('Sold out');
    expect(targetsOf(screen, 'confirm')).toEqual([]);
    expect(targetsOf(screen, 'card').map(({ text }) => bare(text))).toContain('M');
  });

  test('are said in a list by the lowest price', () => {
    const list = { title: 'All', total: 2, page: 0, pages: 1, pageTo: () => ({ to: 'shop' }) as const, back: { to: 'shop' } as const };
    const screen = productListScreen(texts, { ...list, products: [shirt, cats], origin: { from: 'category', categoryId: 0, page: 0 } });
    expect(bare(screen.text)).toContain('from 50.00 PLN');
    expect(bare(screen.text)).toContain('2.00 PLN to 1,000.00 PLN');
  });
});

test('an album is turned in the same message, keeping what is chosen', () => {
  const screen = productScreen(texts, shirt, { picks: [1, null], photoIds: [31, 32, 33], photo: 1 });
  expect(screen.photoId).toBe(32);
  expect(screen.text.length).toBeLessThanOrEqual(1024);
  const turning = targetsOf(screen, 'card').slice(0, 3);
  expect(turning.map(({ text }) => text)).toEqual(['‹', '2/3', '›']);
  expect(turning.map(({ callback }) => callback)).toEqual(
    [0, 1, 2].map((photo) => expect.objectContaining({ productId: 7, picks: [1, null], photo })),
  );
  // A picture that is there no more is the last there is.
  expect(productScreen(texts, shirt, { photoIds: [31], photo: 5 }).photoId).toBe(31);
});

test('what the customer names the amount of offers usual ones, and one of their own', () => {
  const screen = productScreen(texts, cats);
  const source = { from: 'product', productId: 7, quantity: 1 };
  expect(targetsOf(screen, 'confirm').map(({ text, callback }) => [bare(text), callback])).toEqual([
    ['10.00 PLN', expect.objectContaining({ source: { ...source, amount: 1000 } })],
    ['20.00 PLN', expect.objectContaining({ source: { ...source, amount: 2000 } })],
  ]);
  expect(targetsOf(screen, 'amount')).toHaveLength(1);
  expect(targetsOf(screen, 'add')).toEqual([]);
});

test.each(languages)('cards and questions say all of it in %s', (language) => {
  const words = textsOf(language);
  for (const screen of [
    productScreen(words, shirt),
    productScreen(words, cats),
    amountScreen(words, cats),
    amountScreen(words, cats, { isMisfit: true }),
  ]) {
    expect(screen.text).not.toMatch(/\{|\}|undefined/);
    expect(buttons(screen).every(({ callback }) => callback !== undefined)).toBe(true);
  }
  expect(amountScreen(words, cats, { isMisfit: true }).text).toMatch(/2[.,]00.*1[\s\u00a0,]?000[.,]00/);
});

test('the longest buttons fit', () => {
  const id = 2_147_483_647;
  const origin = { from: 'category', categoryId: id, page: 9999 } as const;
  const source = { from: 'product', productId: id, quantity: 1, amount: 1_000_000_000 } as const;
  const longest: Callback[] = [
    { to: 'card', productId: id, picks: [19, null, 19], photo: 9, origin },
    { to: 'confirm', source, origin },
    {
      to: 'place',
      orderCode: 'K7Q4MX2P',
      method: 'crypto',
      source,
      lines: 'abcdef',
      total: 1_000_000_000,
      stars: 1_000_000_000,
      coin: 'BTC',
    },
  ];
  for (const callback of longest) expect(decodeCallback(encodeCallback(callback))).toEqual(callback);
});
