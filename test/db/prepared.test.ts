/** Statements of the path every order takes: bound, planned once, and read into the shapes the rest of the product knows. */
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Customer } from '../../db/entities/customer.ts';
import { Product } from '../../db/entities/product.ts';
import { Shop } from '../../db/entities/shop.ts';
import { run } from '../../db/prepared.ts';
import { insertRecords, type Json, readRecord } from '../../db/records.ts';
import { makeTestShop, type TestShop } from '../support/shop.ts';

let world: TestShop;
beforeAll(async () => {
  world = await makeTestShop();
});
afterAll(() => world.close());

describe('a statement with parameters', () => {
  it('takes values as values, whatever they look like', async () => {
    const nasty = `'; drop table "order"; -- $2 \u0001 ${'"'} ? ?? \\`;
    const [row] = await run<{ text: string; list: string[] }>(world.db.em.fork(), 'select $1::text as text, $2::text[] as list', [
      nasty,
      [nasty, ''],
    ]);
    expect(row).toEqual({ text: nasty, list: [nasty, ''] });
  });

  it('is planned once a connection, however often it runs', async () => {
    const em = world.db.em.fork();
    const text = 'select $1::int + 41 as answer';
    const found = await em.transactional(async (tx) => {
      for (let round = 0; round < 20; round += 1) expect(await run(tx, text, [round])).toEqual([{ answer: round + 41 }]);
      return tx.execute('select generic_plans + custom_plans as plans from pg_prepared_statements where statement = ?', [text]);
    });
    expect(found).toEqual([{ plans: '20' }]);
  });

  it('belongs to the transaction of its EntityManager', async () => {
    const em = world.db.em.fork();
    const title = `rolled back ${Date.now()}`;
    const renamed = em.transactional(async (tx) => {
      await run(tx, 'update shop set title = $2 where id = $1', [world.shop.id, title]);
      throw new Error('undone');
    });
    await expect(renamed).rejects.toThrow('undone');
    expect(await run(em, 'select title from shop where title = $1', [title])).toEqual([]);
  });

  it('fails with the exceptions of the ORM', async () => {
    const em = world.db.em.fork();
    const again = run(em, 'insert into customer (shop_id, telegram_user_id, chat_id) values ($1, 5, 5), ($1, 5, 5)', [world.shop.id]);
    await expect(again).rejects.toThrow(UniqueConstraintViolationException);
  });
});

describe('a record', () => {
  it.each([Shop, Product] as const)('is read with the types of its entity: $name', async (entity) => {
    const product = await world.addProduct({ units: 1 });
    const id = entity === Shop ? world.shop.id : product.id;
    const em = world.db.em.fork();
    const table = entity === Shop ? 'shop' : 'product';
    const [row] = await run<{ row: Json }>(em, `select to_jsonb(t) as row from "${table}" t where id = $1`, [id]);
    const known = (await em.findOneOrFail<object>(entity, { id })) as Record<string, unknown>;
    const record = readRecord<object>(em, entity, row?.row ?? {}) as Record<string, unknown>;
    for (const property of Object.keys(record)) expect(record[property] ?? null, property).toEqual(known[property] ?? null);
    expect(Object.keys(record).length).toBeGreaterThan(10);
  });

  it('is inserted as it is given, and the rest by default', async () => {
    const em = world.db.em.fork();
    const bannedAt = new Date('2026-03-01T12:34:56.789Z');
    const given = {
      shopId: world.shop.id,
      telegramUserId: 987_654_321_012,
      chatId: -100_123,
      name: Buffer.from([0, 255, 92, 39]),
      bannedAt,
    };
    const [plain] = await insertRecords(em, Customer, [given]);
    expect(plain).toMatchObject({ ...given, language: 'en' });
    const stored = await em.findOneOrFail(Customer, { id: plain?.id ?? 0 });
    expect(stored).toMatchObject(given);
  });
});
