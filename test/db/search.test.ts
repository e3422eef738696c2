/** Whoever types any word of a name finds the product, in whatever shop there is of it, and never another shop's. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Category } from '../../db/entities/category.ts';
import { PickupPoint } from '../../db/entities/pickup-point.ts';
import { Product } from '../../db/entities/product.ts';
import { checkDatabase } from '../../db/check.ts';
import { type Database, openDatabase } from '../../db/orm.ts';
import { listCategories, listProductsOf } from '../../db/repositories/catalogue.ts';
import { readCursor } from '../../domain/search.ts';
import { createShop } from '../../db/repositories/shop.ts';
import { type ProductSearch, searchProducts } from '../../db/repositories/search.ts';
import { nastyTexts } from '../support/nasty.ts';
import { makeTestShop, type TestShop } from '../support/shop.ts';

let world: TestShop;
let owner: Database;
let shops = 0;
beforeAll(async () => {
  world = await makeTestShop({ poolSize: 2 });
  owner = await openDatabase({ url: world.database.ownerUrl, poolSize: 1 });
});
afterAll(async () => {
  await owner?.close(true);
  await world?.close();
});
const em = () => world.db.em.fork();

/** A shop of its own with products of these titles. @returns the shop's id */
async function makeShop(...titles: readonly (string | Partial<Product>)[]): Promise<number> {
  shops += 1;
  const shop = await createShop(em(), world.secrets, {
    slug: `search-${shops}`,
    title: 'Search',
    currency: 'PLN',
    timeZone: 'Europe/Warsaw',
    botToken: `${300_000_000 + shops}:${'t'.repeat(35)}`,
    botUsername: `search_${shops}_bot`,
    actor: 'system',
  });
  await addProducts(shop.id, titles);
  return shop.id;
}

async function addProducts(shopId: number, titles: readonly (string | Partial<Product>)[]): Promise<Product[]> {
  const fork = em();
  const plain = { shopId, kind: 'digital', stockMode: 'unlimited', price: 100, methods: ['card'] } as const;
  const products = titles.map((one) =>
    fork.create(Product, { ...plain, methods: ['card'], title: '', ...(typeof one === 'string' ? { title: one } : one) } as Product),
  );
  await fork.persist(products).flush();
  return products;
}

const find = (shopId: number, text: string, more: Partial<ProductSearch> = {}) =>
  searchProducts(em(), { shopId, text, limit: 10, ...more });
const titlesOf = async (...search: Parameters<typeof find>) => (await find(...search)).products.map(({ title }) => title);

/** Every page of a search, by its cursors. */
async function readPages(search: Omit<ProductSearch, 'cursor'>): Promise<number[]> {
  const ids: number[] = [];
  let cursor: string | undefined;
  do {
    const { products, next } = await searchProducts(em(), { ...search, cursor });
    ids.push(...products.map(({ id }) => id));
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

describe('typing a name', () => {
  it.each([
    ['zolty', 'Żółty sweter'],
    ['ŻÓŁTE', 'Żółty sweter'],
    ['swetry', 'Żółty sweter'],
    ['елка', 'Ёлка новогодняя'],
    ['НОВОГОДНИЕ ёлки', 'Ёлка новогодняя'],
    ['ключ', 'Ключи Steam'],
    ['ключами стим', null],
    ['keys', 'Game key, 12 months'],
    ['12', 'Game key, 12 months'],
    ['month game', 'Game key, 12 months'],
    ['13', null],
    ['Crème brûlée', 'CREME BRULEE'],
    ['naïve', "The naive's guide"],
    ['naives', "The naive's guide"],
    ['strasse', 'Große Straße'],
    ['новогоднии', 'Ёлка новогодняя'],
  ])('finds by %s', async (text, title) => {
    const shopId = await makeShop(
      'Żółty sweter',
      'Ёлка новогодняя',
      'Ключи Steam',
      'Game key, 12 months',
      'CREME BRULEE',
      "The naive's guide",
      'Große Straße',
    );
    expect(await titlesOf(shopId, text)).toEqual(title === null ? [] : [title]);
  });

  it.each([
    ['seater', 'Sweater', 'sweater'],
    ['swaeter', 'Sweater', 'sweater'],
    ['streem', 'Steam key', null],
    ['netflx kye', 'Netflix key', null],
    ['netflx key', 'Netflix key', 'netflix key'],
    ['подписак', 'Подписка на год', 'подписка'],
  ])('forgives %s', async (text, title, corrected) => {
    const shopId = await makeShop('Sweater', 'Steam key', 'Netflix key', 'Подписка на год');
    const found = await find(shopId, text);
    expect(found.corrected).toBe(corrected);
    if (corrected !== null) expect(found.products.map((product) => product.title)).toEqual([title]);
  });

  it('shows names that begin with it first, then whole words, then words that begin so, then other endings', async () => {
    const shopId = await makeShop('Marigold', 'Old golden ring', 'A golds ring', 'My gold', 'Gold coin', 'Gold', 'golf');
    expect(await titlesOf(shopId, 'gold')).toEqual(['Gold', 'Gold coin', 'My gold', 'A golds ring', 'Old golden ring']);
  });

  it('finds a product by any of its words, in any case, with accents or without, and by their beginnings', async () => {
    const letter = fc.constantFrom(...'abcdeghilnorstuwyząćęłńóśźżабвгдеёжийклмнопрстуяюэщ0123456789');
    const word = fc.array(letter, { minLength: 1, maxLength: 12 }).map((all) => all.join(''));
    const title = fc.array(word, { minLength: 1, maxLength: 6 }).map((all) => all.join(' '));
    const shopId = await makeShop();
    await fc.assert(
      fc.asyncProperty(
        fc.array(title, { minLength: 1, maxLength: 8 }),
        fc.nat(),
        fc.nat(),
        fc.nat(),
        async (titles, one, other, length) => {
          const products = await addProducts(shopId, titles);
          const product = products[one % products.length] as Product;
          const words = product.title.split(' ');
          const typed = words[other % words.length] as string;
          const plain = typed.normalize('NFKD').replaceAll(/\p{M}/gu, '').replaceAll('ł', 'l');
          const begun = typed.slice(0, 1 + (length % typed.length));
          for (const text of [typed, typed.toUpperCase(), plain, plain.toUpperCase(), product.title, begun])
            expect(await readPages({ shopId, text, limit: 50 }), `${text} in ${product.title}`).toContain(product.id);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('reads whatever it is given without harm', async () => {
    const shopId = await makeShop('Key');
    for (const { name, value: text } of nastyTexts) {
      expect((await find(shopId, text, { cursor: text })).products.length, name).toBeLessThanOrEqual(1);
      expect((await find(shopId, `${text} `.repeat(50))).products.length, name).toBeLessThanOrEqual(1);
      // One that could be a cursor leads somewhere.
      const isCursor = readCursor(text) !== undefined;
      expect(await titlesOf(shopId, 'key', { cursor: text }), name).toEqual(isCursor ? expect.any(Array) : ['Key']);
      if (name !== '5 MB') expect(await titlesOf(shopId, 'key', { city: text, district: text }), name).toEqual([]);
    }
  });
});

describe('what is searched', () => {
  it('is what this shop shows: no other shop, nothing put away', async () => {
    const [one, other] = [await makeShop('Steam key', 'Steam card'), await makeShop('Steam key')];
    expect((await find(one, 'steam')).products.every(({ shopId }) => shopId === one)).toBe(true);
    expect(await titlesOf(other, 'steam')).toEqual(['Steam key']);
    const fork = em();
    const card = await fork.findOneOrFail(Product, { shopId: one, title: 'Steam card' });
    card.active = false;
    await fork.flush();
    expect(await titlesOf(one, 'steam')).toEqual(['Steam key']);
    card.active = true;
    card.title = 'Origin card';
    await fork.flush();
    expect(await titlesOf(one, 'steam')).toEqual(['Steam key']);
    expect(await titlesOf(one, 'origin')).toEqual(['Origin card']);
    card.options = [{ name: 'Size', values: ['S', 'M'] }];
    await fork.flush();
    await addProducts(one, [{ title: 'Origin card, S', variantOf: card.id, optionValues: ['S'] }]);
    expect(await titlesOf(one, 'origin')).toEqual(['Origin card']);
    await owner.em.fork().nativeDelete(Product, { variantOf: card.id });
    await owner.em.fork().nativeDelete(Product, { id: card.id });
    expect(await titlesOf(one, 'origin card')).toEqual([]);
    expect((await checkDatabase(em(), { now: new Date() })).findings).toEqual([]);
  });

  it('may be narrowed by place, category and kind, with a text or without', async () => {
    const shopId = await makeShop('Key of nothing');
    const fork = em();
    const place = { shopId, name: 'P', address: 'A', hours: '9-17' };
    const points = ['Praga', 'Center'].map((district) => fork.create(PickupPoint, { ...place, city: 'Warsaw', district }));
    const [games, music] = ['Games', 'Music'].map((name) => fork.create(Category, { shopId, name })) as [Category, Category];
    await fork.persist([...points, games, music]).flush();
    const [praga, center] = points.map(({ id }) => id) as [number, number];
    await addProducts(shopId, [
      { title: 'Key A', kind: 'pickup', pickupPointId: praga, categoryId: games.id },
      { title: 'Key B', kind: 'pickup', pickupPointId: center, categoryId: games.id, position: -1 },
      { title: 'Key C', categoryId: music.id },
    ]);
    for (const text of ['', 'key']) {
      const sorted = async (more: Partial<ProductSearch>) => (await titlesOf(shopId, text, more)).sort();
      expect(await sorted({ city: 'Warsaw' })).toEqual(['Key A', 'Key B']);
      expect(await sorted({ city: 'Warsaw', district: 'Praga' })).toEqual(['Key A']);
      expect(await sorted({ city: 'Warsaw', district: 'Praga', categoryId: games.id })).toEqual(['Key A']);
      expect(await sorted({ city: 'Praga' })).toEqual([]);
      expect(await sorted({ categoryId: games.id })).toEqual(['Key A', 'Key B']);
      expect(await sorted({ categoryId: games.id, kind: 'digital' })).toEqual([]);
      expect(await sorted({ categoryId: 0 })).toEqual(['Key of nothing']);
      expect(await sorted({ kind: 'digital' })).toEqual(['Key C', 'Key of nothing']);
    }
    expect(await titlesOf(shopId, '')).toEqual(['Key B', 'Key A', 'Key C', 'Key of nothing']);
  });

  it('follows a product that moves: from place to place, to another category, to another kind', async () => {
    const shopId = await makeShop('Moving key', 'Staying key');
    const fork = em();
    const [warsaw, gdansk] = ['Warsaw', 'Gdansk'].map((city) =>
      fork.create(PickupPoint, { shopId, name: 'P', address: 'A', hours: '9-17', city, district: 'Center' }),
    ) as [PickupPoint, PickupPoint];
    const games = fork.create(Category, { shopId, name: 'Games' });
    await fork.persist([warsaw, gdansk, games]).flush();
    const moving = await fork.findOneOrFail(Product, { shopId, title: 'Moving key' });
    const steps: [Partial<Product>, Partial<ProductSearch>, Partial<ProductSearch>][] = [
      [{ categoryId: games.id }, { categoryId: 0 }, { categoryId: games.id }],
      [{ kind: 'pickup', pickupPointId: warsaw.id }, { kind: 'digital' }, { city: 'Warsaw', kind: 'pickup' }],
      [{ pickupPointId: gdansk.id }, { city: 'Warsaw' }, { city: 'Gdansk', categoryId: games.id }],
      [{ title: 'Moving golden key', categoryId: null }, { categoryId: games.id }, { city: 'Gdansk', kind: 'pickup' }],
    ];
    for (const [change, before, where] of steps) {
      fork.assign(moving, change);
      await fork.flush();
      for (const text of ['', 'key', 'moving']) {
        expect(await titlesOf(shopId, text, where)).toEqual([moving.title]);
        expect(await titlesOf(shopId, text, before)).not.toContain(moving.title);
      }
    }
    expect((await checkDatabase(em(), { now: new Date() })).findings).toEqual([]);
    await owner.em.fork().nativeDelete(PickupPoint, { id: gdansk.id });
    for (const text of ['', 'key']) expect(await titlesOf(shopId, text, { kind: 'pickup', categoryId: 0 })).toEqual([moving.title]);
    expect((await checkDatabase(em(), { now: new Date() })).findings).toEqual([]);
  });

  it('costs nothing where a change names what lists show, and leaves it', async () => {
    const shopId = await makeShop('Key');
    const change = `title = title || ?, kind = kind, category_id = null, options = null, active = true`;
    const triggersOf = async (more: string) => {
      const fork = owner.em.fork();
      return fork.transactional(async (tx) => {
        await tx.execute('set constraints all immediate');
        const [row]: { 'QUERY PLAN': { Triggers: { 'Trigger Name': string }[] }[] }[] = await tx.execute(
          `explain (analyze, format json) update product set price = price + 1, ${change} where shop_id = ?`,
          [more, shopId],
        );
        return row?.['QUERY PLAN'][0]?.Triggers.map((trigger) => trigger['Trigger Name']);
      });
    };
    expect(await triggersOf('')).toEqual([]);
    expect(await triggersOf(' ring')).toEqual(['list_changed_product']);
    expect(await titlesOf(shopId, 'ring')).toEqual(['Key ring']);
  });

  it('is paged without a gap or a repetition, in a shop of few and of many', { timeout: 60_000 }, async () => {
    const shopId = await makeShop();
    const add = (from: number, to: number) =>
      owner.em.fork().execute(
        `insert into product (shop_id, kind, stock_mode, title, price, methods, position)
         select ?, 'digital', 'unlimited', (array['Steam key ', 'Key of steam ', 'Steamer keys steam ', 'A key '])[1 + n % 4] || n, 100, '{card}', n % 3
           from generate_series(?::int, ?::int) n`,
        [shopId, from, to],
      );
    await add(1, 120);
    for (const total of [120, 1_600]) {
      if (total > 120) await add(121, total);
      const changed: { id: string }[] = await owner.em
        .fork()
        .execute(`update product set kind = 'course' where shop_id = ? and id % 5 < 2 returning id`, [shopId]);
      const courses = new Set(changed.map(({ id }) => Number(id)));
      expect(await listProductsOf(em(), { shopId, categoryId: 0 }, { limit: 3, offset: 900 })).toMatchObject({
        total: Math.min(total, 1_000),
      });
      expect((await listCategories(em(), shopId)).map(({ products }) => products)).toEqual([Math.min(total, 1_000)]);
      for (const [text, share] of [
        ['', 1],
        ['key', 1],
        ['steam', 0.75],
        ['steam key', 0.75],
        ['key steamer', 0.25],
      ] as const) {
        const ids = await readPages({ shopId, text, limit: total > 120 ? 150 : 7 });
        expect(new Set(ids).size, `${text} of ${total}`).toBe(ids.length);
        expect(ids.length, `${text} of ${total}`).toBe(total * share);
        const narrowed = await readPages({ shopId, text, kind: 'course', limit: total > 120 ? 150 : 7 });
        expect(narrowed.length, `${text} of ${total}, narrowed`).toBeGreaterThan(0);
        expect(narrowed.toSorted(), `${text} of ${total}, narrowed`).toEqual(ids.filter((id) => courses.has(id)).toSorted());
      }
    }
  });
});
