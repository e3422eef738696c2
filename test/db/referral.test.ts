/** Who brought whom: once, at the first visit, by the link of somebody who was there before. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkDatabase } from '../../db/check.ts';
import { type Database, openDatabase } from '../../db/orm.ts';
import { visitCustomer } from '../../db/repositories/customer.ts';
import { findReferral, listFriends, openReferralCode } from '../../db/repositories/referral.ts';
import { createShop } from '../../db/repositories/shop.ts';
import { makeTestShop, type TestShop } from '../support/shop.ts';

let world: TestShop;
let owner: Database;
beforeAll(async () => {
  world = await makeTestShop();
  owner = await openDatabase({ url: world.database.ownerUrl, poolSize: 1 });
});
afterAll(async () => {
  await owner?.close(true);
  await world?.close();
});
afterEach(async () => {
  expect((await checkDatabase(world.db.em.fork(), { now: new Date() })).findings).toEqual([]);
});

let users = 900_000;
function newUser(): number {
  users += 1;
  return users;
}
const em = () => world.db.em.fork();

/** A visit of somebody new, or of a known person, by a link or without one. */
function visit(code?: string, { id = newUser(), shopId = world.shop.id, name = 'Ada Lovelace' } = {}) {
  const visitor = { shopId, telegramUserId: id, chatId: id, name, language: 'en' as const, referralCode: code };
  return visitCustomer(em(), world.secrets, visitor);
}

const linkOf = async (customerId: number, shopId = world.shop.id) => openReferralCode(em(), { shopId, customerId });

/** Badges aside. */
async function noticesOf(customerId: number): Promise<unknown[]> {
  const rows: { content: unknown }[] = await em().execute(
    `select content from notice where customer_id = ? and content ->> 'kind' <> 'achievementAwarded' order by id`,
    [customerId],
  );
  return rows.map(({ content }) => content);
}

describe('a link', () => {
  it('stays the same for its customer, also when it is asked for by many at once', async () => {
    const { id } = await visit();
    const codes = await Promise.all(Array.from({ length: 12 }, () => linkOf(id)));
    expect(new Set(codes).size).toBe(1);
    expect(await linkOf(id)).toBe(codes[0]);
  });

  it('attaches whoever opens it first thing, and both are to be told', async () => {
    const a = await visit();
    const b = await visit(await linkOf(a.id));
    expect(await findReferral(em(), b.id)).toEqual({ referrerId: a.id, code: await linkOf(a.id) });
    expect(await noticesOf(b.id)).toEqual([{ kind: 'invited' }]);
    expect(await noticesOf(a.id)).toEqual([{ kind: 'friendJoined', friends: 1 }]);
    const { friends, total } = await listFriends(em(), world.secrets, a.id, { limit: 10, offset: 0 });
    expect(total).toBe(1);
    expect(friends).toMatchObject([{ name: 'Ad…' }]);
  });

  it('changes nothing for whoever is a customer already: by another link, their own, or that of a friend they brought', async () => {
    const [a, c] = [await visit(), await visit()];
    const b = await visit(await linkOf(a.id));
    for (const code of [await linkOf(c.id), await linkOf(b.id)]) await visit(code, { id: b.telegramUserId });
    for (const code of [await linkOf(a.id), await linkOf(b.id)]) await visit(code, { id: a.telegramUserId });
    expect(await findReferral(em(), b.id)).toMatchObject({ referrerId: a.id });
    expect(await findReferral(em(), a.id)).toBeUndefined();
    expect(await noticesOf(b.id)).toHaveLength(1);
  });

  it('of nobody, of another shop or of somebody banned brings nobody, and who opens it is a customer all the same', async () => {
    const other = await createShop(em(), world.secrets, {
      slug: 'other',
      title: 'Other',
      currency: 'PLN',
      botToken: `987654321:${'o'.repeat(35)}`,
      botUsername: 'other_bot',
      actor: 'system',
    });
    const stranger = await visit(undefined, { shopId: other.id });
    const banned = await visit();
    const links = ['ZZZZZZZZZZZZ', await linkOf(stranger.id, other.id), await linkOf(banned.id)];
    await em().execute('update customer set banned_at = now() where id = ?', [banned.id]);
    for (const code of links) expect(await findReferral(em(), (await visit(code)).id)).toBeUndefined();
  });

  it('opened beside others by one newcomer at the same instant attaches one of their owners, once', async () => {
    for (let round = 0; round < 8; round += 1) {
      const referrers = [await visit(), await visit(), await visit()];
      const links = await Promise.all(referrers.map(({ id }) => linkOf(id)));
      const id = newUser();
      const visits = await Promise.all([...links, undefined, ...links].map((code) => visit(code, { id })));
      expect(new Set(visits.map((customer) => customer.id)).size).toBe(1);
      const told = await Promise.all(referrers.map((referrer) => noticesOf(referrer.id)));
      const referral = await findReferral(em(), visits[0]?.id ?? 0);
      expect(told.flat()).toHaveLength(referral ? 1 : 0);
    }
  });

  it('opened by many newcomers at once counts every one of them', async () => {
    const a = await visit();
    const code = await linkOf(a.id);
    await Promise.all(Array.from({ length: 12 }, () => visit(code)));
    const counts = (await noticesOf(a.id)).map((content) => (content as { friends: number }).friends);
    expect(counts.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });
});

describe('the database itself refuses', () => {
  const attach = async (customerId: number, referrerId: number) =>
    owner.em
      .fork()
      .execute('insert into referral (customer_id, shop_id, referrer_id) values (?, ?, ?)', [customerId, world.shop.id, referrerId]);

  it('oneself, a circle, a second referrer and another shop', async () => {
    const [a, b, c] = [await visit(), await visit(), await visit()];
    await linkOf(a.id);
    // One person cannot be two customers of a shop.
    await expect(attach(a.id, a.id)).rejects.toThrow(/crosses shops/);
    await expect(attach(a.id, b.id)).rejects.toThrow(/referral_referrer_was_first/);
    const brought = await visit(await linkOf(b.id));
    await expect(attach(brought.id, c.id)).rejects.toThrow(/referral_pkey/);
    await expect(attach(c.id, 1_000_000_000)).rejects.toThrow(/crosses shops|was_first/);
  });

  it('the application a change of who brought whom', async () => {
    const a = await visit();
    const b = await visit(await linkOf(a.id));
    await expect(em().execute('update referral set referrer_id = 1 where customer_id = ?', [b.id])).rejects.toThrow(/permission denied/);
    await expect(em().execute('delete from referral where customer_id = ?', [b.id])).rejects.toThrow(/permission denied/);
    await expect(em().execute(`update referrer set code = '000000000000' where customer_id = ?`, [a.id])).rejects.toThrow(
      /permission denied/,
    );
  });
});
