/** Looking around in the Mini App: what the chat shows, at the price an order charges, of this shop alone. */
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { Category } from '../../db/entities/category.ts';
import type { Customer } from '../../db/entities/customer.ts';
import { Photo } from '../../db/entities/photo.ts';
import { PickupPoint } from '../../db/entities/pickup-point.ts';
import { Product, ProductPhoto } from '../../db/entities/product.ts';
import type { Shop } from '../../db/entities/shop.ts';
import { addToBasket } from '../../db/repositories/basket.ts';
import { createShop } from '../../db/repositories/shop.ts';
import { makeTestApi } from '../support/api.ts';
import { callAs, noLimits } from '../support/mini-app.ts';
import { aPicture, makeTestShop, newCode, type TestShop } from '../support/shop.ts';

let world: TestShop;
let app: Hono;
let ada: Customer;
let other: Shop;
let stranger: Customer;
beforeAll(async () => {
  world = await makeTestShop();
  ({ app } = makeTestApi(world, { limits: noLimits }));
  ada = await world.addCustomer({ cash: 100_000 });
  const botToken = `987654321:${'t'.repeat(35)}`;
  other = await createShop(em(), world.secrets, {
    slug: 'other',
    title: 'Other',
    currency: 'EUR',
    botToken,
    botUsername: 'other_bot',
    actor: 'system',
  });
  const rows: { id: string }[] = await em().execute(
    `insert into customer (shop_id, telegram_user_id, chat_id, language) values (?, ?, ?, 'pl') returning id`,
    [other.id, ada.telegramUserId, ada.telegramUserId],
  );
  stranger = { ...ada, id: Number(rows[0]?.id), shopId: other.id } as Customer;
});
afterAll(() => world.close());

const em = () => world.db.em.fork();
const here = () => callAs(app, world.shop, ada);
const there = () => callAs(app, other, stranger, { root: '/api/shops/other' });

async function keep<Row extends object>(entity: new () => Row, fields: object): Promise<Row> {
  const fork = em();
  const row = fork.create(entity as never, fields as never) as Row;
  fork.persist(row);
  await fork.flush();
  return row;
}
const addPoint = (city: string, district: string, photoId: number | null = null) =>
  keep(PickupPoint, { shopId: world.shop.id, city, district, name: 'Point', address: 'Street 1', hours: '9-17', photoId });
const addPhoto = (shopId: number, bytes: Uint8Array = aPicture()) =>
  keep(Photo, { shopId, mediaType: 'image/png', bytes, telegramFileId: null });
const change = (id: number, fields: Partial<Product>) => em().nativeUpdate(Product, { id }, fields);

describe('the shop', () => {
  test('is what the chat shows of it: methods, places, categories, the basket', async () => {
    const category = await keep(Category, { shopId: world.shop.id, name: 'Coffee', position: 0 });
    const point = await addPoint('Łódź', 'Center');
    const [collected, sorted] = [await world.addProduct({ kind: 'pickup', pickupPointId: point.id }), await world.addProduct()];
    await change(sorted.id, { categoryId: category.id });
    for (let piece = 0; piece < 3; piece += 1) await addToBasket(em(), ada.id, collected.id);
    const told = await (await here().shop.$get()).json();
    expect(told).toMatchObject({ title: 'Test shop', currency: 'PLN', open: true, bot: world.shop.botUsername, language: 'en' });
    expect(told).toMatchObject({ basketCount: 3, cities: [{ city: 'Łódź', products: 1 }] });
    expect(told.categories).toEqual([{ id: category.id, name: 'Coffee', products: 1 }]);
    expect(told.methods).toEqual(expect.arrayContaining(['wallet', 'stars', 'card']));
    expect(told.methods).not.toContain('crypto');
    const districts = await here().districts.$get({ query: { city: 'Łódź' } });
    expect(await districts.json()).toEqual({ districts: [{ district: 'Center', products: 1 }] });
  });
});

describe('products', () => {
  test('come by pages, each once and in the shop’s order, by whatever they are filtered with', async () => {
    const category = await keep(Category, { shopId: world.shop.id, name: 'Many', position: 1 });
    const ids: number[] = [];
    for (let number = 0; number < 30; number += 1) {
      const { id } = await world.addProduct({ title: number % 2 === 0 ? 'Same' : `Mapa ${30 - number}`, units: 0 });
      ids.push(id);
      await change(id, { categoryId: category.id, position: Math.floor(number / 10) });
    }
    const seen: { id: number; title: string }[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 9; page += 1) {
      const query = { category: String(category.id), ...(cursor === undefined ? {} : { cursor }) };
      const { products, next } = await (await here().products.$get({ query })).json();
      seen.push(...products);
      if (next === null) break;
      cursor = next;
    }
    expect(seen.map(({ id }) => id).sort((a, b) => a - b)).toEqual(ids);
    expect(
      seen
        .slice(0, 10)
        .map(({ id }) => ids.indexOf(id))
        .every((place) => place < 10),
    ).toBe(true);
    const find = async (query: Parameters<ReturnType<typeof here>['products']['$get']>[0]['query']) =>
      (await (await here().products.$get({ query })).json()).products.map(({ title }) => title);
    expect((await find({ category: String(category.id), q: 'mapa' })).every((title) => title.startsWith('Mapa'))).toBe(true);
    expect(await find({ q: 'MAPĄ 17' })).toEqual(['Mapa 17']);
    expect(await find({ q: 'nothing of the kind' })).toEqual([]);
    const point = await addPoint('Gdańsk', 'Port');
    await world.addProduct({ kind: 'pickup', title: 'Boat', pickupPointId: point.id });
    expect(await find({ city: 'Gdańsk' })).toEqual(['Boat']);
    expect(await find({ city: 'Gdańsk', district: 'Port', kind: 'pickup' })).toEqual(['Boat']);
    expect(await find({ city: 'Gdańsk', district: 'Center' })).toEqual([]);
    expect(await find({ city: 'Gdańsk', kind: 'digital' })).toEqual([]);
    const lost = await here().products.$get({ query: { district: 'Port' } });
    expect([lost.status, await lost.json()]).toEqual([400, expect.objectContaining({ field: 'city' })]);
  });

  test('cost in list, card, basket and quote what an order charges, with the better of discount and tier', async () => {
    await em().execute(`insert into setting (shop_id, key, value) values (?, 'bronzeDiscount', 15)`, [world.shop.id]);
    for (const [discountPercent, price] of [
      [20, 1_999],
      [10, 2_124],
    ] as const) {
      const product = await world.addProduct({
        title: `Priced ${discountPercent}`,
        price: 2_499,
        discountPercent,
        methods: ['wallet', 'stars'],
      });
      const listed = (await (await here().products.$get({ query: { q: `Priced ${discountPercent}` } })).json()).products[0];
      const card = await (await here().products[':id'].$get({ param: { id: String(product.id) } })).json();
      await here().basket.$put({ json: { lines: [{ productId: product.id, quantity: 3 }] } });
      const basket = await (await here().basket.$get()).json();
      const quote = await (await here().quote.$get({ query: { lines: `${product.id}x3` } })).json();
      const shown = { price, basePrice: 2_499, discountPercent: Math.max(15, discountPercent) };
      for (const line of [listed, card, basket.lines[0], quote.lines[0]]) expect(line).toMatchObject(shown);
      expect([basket.total, quote.total, quote.lines[0]?.total]).toEqual([3 * price, 3 * price, 3 * price]);
      const place = world.placing(ada, product, { lines: [{ productId: product.id, quantity: 3 }], shownTotal: quote.total });
      const row = await createOrderActivities({ db: world.db }).open({ orderCode: newCode(), place, at: Date.now() });
      expect(row).toMatchObject({ rejected: null, status: 'paid' });
    }
    await em().execute(`delete from setting where shop_id = ? and key = 'bronzeDiscount'`, [world.shop.id]);
  });

  test('show on their card what is chosen about them, every picture, and what a customer may give', async () => {
    const shirt = await world.addProduct({ title: 'Shirt', units: 0 });
    await change(shirt.id, { options: [{ name: 'Size', values: ['S', 'M'] }] });
    const [small, medium] = [
      await world.addProduct({ title: 'Shirt, S', price: 4_000, units: 2 }),
      await world.addProduct({ title: 'Shirt, M', price: 6_000 }),
    ];
    await change(small.id, { variantOf: shirt.id, optionValues: ['S'] });
    await change(medium.id, { variantOf: shirt.id, optionValues: ['M'], active: false });
    const [first, further] = [await addPhoto(world.shop.id), await addPhoto(world.shop.id)];
    await change(shirt.id, { photoId: first.id });
    await keep(ProductPhoto, { productId: shirt.id, position: 1, photoId: further.id });
    const card = async (id: number) => (await here().products[':id'].$get({ param: { id: String(id) } })).json();
    expect(await card(shirt.id)).toMatchObject({
      photoIds: [first.id, further.id],
      options: [{ name: 'Size', values: ['S', 'M'] }],
      variants: [{ id: small.id, optionValues: ['S'], price: 4_000, stock: 2 }],
      amounts: null,
    });
    expect((await app.request(`/api/photos/${further.id}`)).status).toBe(200);
    const listed = await (await here().products.$get({ query: { q: 'Shirt' } })).json();
    expect(listed.products).toMatchObject([{ id: shirt.id, hasOptions: true, price: 4_000, stock: 2 }]);
  });

  test('of another shop, and those taken off sale, are as unknown as none', async () => {
    const [product, gone] = [await world.addProduct({ title: 'Ours' }), await world.addProduct({ title: 'Gone' })];
    await change(gone.id, { active: false });
    for (const [who, id] of [
      [there(), product.id],
      [here(), gone.id],
      [here(), 999_999_999],
    ] as const) {
      const card = await who.products[':id'].$get({ param: { id: String(id) } });
      expect([card.status, await card.json()]).toEqual([404, expect.objectContaining({ field: 'id' })]);
      const quote = await who.quote.$get({ query: { lines: `${id}x1` } });
      expect(await quote.json()).toMatchObject({ lines: [], total: 0, methods: [] });
    }
    expect((await (await there().products.$get({ query: {} })).json()).products).toEqual([]);
    const { next } = await (await here().products.$get({ query: {} })).json();
    expect((await (await there().products.$get({ query: { cursor: next ?? '' } })).json()).products).toEqual([]);
    expect(await (await there().shop.$get()).json()).toMatchObject({ title: 'Other', currency: 'EUR', language: 'pl', cities: [] });
  });
});

describe('pictures', () => {
  const ask = (id: number, root = '/api') => app.request(`${root}/photos/${id}`);

  test('of products on sale are shown to everybody and kept for ever, as what their bytes say', async () => {
    const photo = await addPhoto(world.shop.id);
    await change((await world.addProduct()).id, { photoId: photo.id });
    const shown = await ask(photo.id);
    expect([shown.status, Buffer.from(await shown.arrayBuffer()).equals(photo.bytes)]).toEqual([200, true]);
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
    expect(shown.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('of places, of another shop, of what is not on sale, and what is no picture: none', async () => {
    const [place, hidden, foreign, page] = [
      await addPhoto(world.shop.id),
      await addPhoto(world.shop.id),
      await addPhoto(world.shop.id),
      await addPhoto(world.shop.id, Buffer.from('<html><script>alert(1)</script>')),
    ];
    await addPoint('Poznań', 'Center', place.id);
    const gone = await world.addProduct();
    await change(gone.id, { photoId: hidden.id, active: false });
    await change((await world.addProduct()).id, { photoId: foreign.id });
    await change((await world.addProduct()).id, { photoId: page.id });
    expect((await ask(foreign.id)).status).toBe(200);
    for (const response of [ask(place.id), ask(hidden.id), ask(page.id), ask(foreign.id, '/api/shops/other'), ask(999_999)]) {
      const told = await response;
      expect([told.status, told.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    }
  });
});
