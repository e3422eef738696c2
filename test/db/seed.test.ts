import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkDatabase } from '../../db/check.ts';
import { Customer } from '../../db/entities/customer.ts';
import { Photo } from '../../db/entities/photo.ts';
import { Product } from '../../db/entities/product.ts';
import { Unit } from '../../db/entities/unit.ts';
import { type Database, openDatabase } from '../../db/orm.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { findShopBySlug, openBotToken } from '../../db/repositories/shop.ts';
import { openSecrets } from '../../db/secrets.ts';
import { demo, seedDemo } from '../../db/seed.ts';
import { discountedPrice } from '../../domain/pricing.ts';
import { kindTraits, productKinds } from '../../domain/product.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { testKeys } from '../support/shop.ts';

let database: TestDatabase;
let db: Database;
const em = () => db.em.fork();

beforeAll(async () => {
  database = await createTestDatabase();
  db = await openDatabase({ url: database.appUrl, poolSize: 2 });
});
afterAll(async () => {
  await db.close(true);
  await database.drop();
});

test('two starts at once make one demo shop, and the books are right', async () => {
  const wish = { ownerDatabaseUrl: database.ownerUrl, keys: testKeys };
  const made = await Promise.all([seedDemo(wish), seedDemo(wish)]);
  expect(made.toSorted()).toEqual([false, true]);
  expect(await seedDemo(wish)).toBe(false);
  const report = await checkDatabase(em(), { now: new Date(), settledGraceMs: 0 });
  expect(report.findings).toEqual([]);
});

test('its bot token and its goods are sealed, each for its own row', async () => {
  const secrets = openSecrets(testKeys);
  const shop = await findShopBySlug(em(), demo.slug);
  if (!shop) throw new Error('no shop');
  expect(openBotToken(secrets, shop)).toBe(demo.botToken);
  expect(Buffer.from(shop.botToken ?? []).includes(demo.botToken)).toBe(false);
  const units = (await em().find(Unit, {}, { orderBy: { id: 'asc' }, populate: ['content'] })).filter((unit) => unit.content != null);
  const [first, second] = units;
  if (!first?.content || !second) throw new Error('no units');
  expect(secrets.open({ table: 'unit', column: 'content', id: first.id }, first.content)).toMatch(/^[A-Z0-9]+-\d+-\d+$/);
  expect(() => secrets.open({ table: 'unit', column: 'content', id: second.id }, first.content as Uint8Array)).toThrow();
});

test('there is something to try of everything', async () => {
  const products = await em().find(Product, {}, { populate: ['content'] });
  expect(products.length).toBeGreaterThanOrEqual(12);
  for (const product of products) {
    expect(product.kind === 'pickup', product.title).toBe(product.pickupPointId != null);
    // A product that nobody could pay for would be a dead end.
    const usable = product.methods.filter((method) => method !== 'stars' || kindTraits[product.kind].starsRule !== 'never');
    expect(usable.length, product.title).toBeGreaterThan(0);
    const stocked = await em().count(Unit, { productId: product.id });
    // One variant is sold out, so that this can be seen too.
    if (product.variantOf == null) expect(stocked > 0, product.title).toBe(product.stockMode !== 'unlimited');
    expect(product.stockMode === 'unlimited' && product.kind === 'digital' ? product.content != null : true, product.title).toBe(true);
  }
  const modes = new Set(products.map((product) => product.stockMode));
  expect(modes).toEqual(new Set(['unique', 'counter', 'unlimited']));
  expect(new Set(products.map(({ kind }) => kind))).toEqual(new Set(productKinds));
  expect(products.some(({ contentKind }) => contentKind === 'file')).toBe(true);
  expect(products.filter(({ variantOf }) => variantOf != null)).toHaveLength(5);
});

test('Anna has 85.00 for the beans of 100.00 at 20 % off', async () => {
  const shop = await findShopBySlug(em(), demo.slug);
  const anna = await em().findOneOrFail(Customer, { telegramUserId: 1001 });
  if (!shop) throw new Error('no shop');
  expect((await readWallet(em(), shop, anna.id)).cash).toBe(8_500);
  const beans = await em().findOneOrFail(Product, { title: 'Espresso beans, 1 kg' });
  expect([beans.price, discountedPrice(beans.price, beans.discountPercent)]).toEqual([10_000, 8_000]);
});

test('its photos are pictures Telegram takes', async () => {
  const photos = await em().find(Photo, {}, { populate: ['bytes'] });
  expect(photos.length).toBeGreaterThan(4);
  for (const photo of photos) {
    const bytes = Buffer.from(photo.bytes);
    expect(bytes.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([480, 320]);
  }
});
