/** `tillflow setting`: hard bounds, units as people write them, and an audit entry for every change. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { changeSetting, readSetting } from '../../db/repositories/setting.ts';
import { boundsOf, parseSetting, settingKeys, settings, tellSetting } from '../../domain/setting.ts';
import { makeTestShop, testKeys, type TestShop } from '../support/shop.ts';
import { tillflow } from '../support/tillflow.ts';

let world: TestShop;
beforeAll(async () => {
  world = await makeTestShop();
  vi.stubEnv('TILLFLOW_DATABASE_URL', world.database.appUrl);
  vi.stubEnv('TILLFLOW_KEYS', testKeys);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await world.close();
});

/** Runs `tillflow setting` for the test's shop. */
const setting = (verb = '', ...rest: string[]) => tillflow('setting', verb, '--shop', world.shop.slug, ...rest);

const audit = async () =>
  (await world.db.em
    .fork()
    .execute(`select subject_id as name, action, actor, before, after from audit where subject = 'setting' order by id`)) as {
    name: string;
    action: string;
    actor: string;
    before: number;
    after: number;
  }[];
const value = (key: (typeof settingKeys)[number]) => readSetting(world.db.em.fork(), world.shop.id, key);

describe('a setting', () => {
  test('is changed in its unit, and the audit keeps before and after', async () => {
    const changes = [
      ['commissionRate', '2.5%', 250, 'commissionRate of shop SLUG is 2.50 % now; it was 3.00 %.'],
      ['depositMinimum', '15.00', 1_500, 'depositMinimum of shop SLUG is 15.00 PLN now; it was 5.00 PLN.'],
      ['holdSeconds', '600', 600, 'holdSeconds of shop SLUG is 600 s now; it was 900 s.'],
      ['goldDiscount', '12', 12, 'goldDiscount of shop SLUG is 12 % now; it was 3 %.'],
      ['commissionHoldDays', '14', 14, 'commissionHoldDays of shop SLUG is 14 days now; it was 0 days.'],
      ['btcConfirmations', '3', 3, 'btcConfirmations of shop SLUG is 3 now; it was 2.'],
    ] as const;
    for (const [name, text, kept, words] of changes) {
      const run = await setting('set', name, text);
      expect([run.code, run.err, run.out.trim()]).toEqual([0, '', words.replace('SLUG', world.shop.slug)]);
      expect(await value(name)).toBe(kept);
    }
    expect((await audit()).slice(0, 2)).toEqual([
      { name: 'commissionRate', action: 'set', actor: 'cli', before: 300, after: 250 },
      { name: 'depositMinimum', action: 'set', actor: 'cli', before: 500, after: 1_500 },
    ]);
    const reset = await setting('reset', 'commissionRate', '--json');
    expect(JSON.parse(reset.out)).toEqual({ name: 'commissionRate', before: 250, after: 300, unit: 'part', currency: 'PLN' });
    expect((await audit()).at(-1)).toMatchObject({ name: 'commissionRate', action: 'reset', before: 250, after: 300 });
    const count = (await audit()).length;
    expect((await setting('reset', 'commissionRate')).code).toBe(0);
    expect(await audit(), 'what is the default already leaves no trace').toHaveLength(count);
  });

  test('has its value, default and bounds told, for people and for scripts', async () => {
    const listed = await setting('list');
    for (const name of settingKeys) expect(listed.out).toContain(name);
    expect(listed.out).toMatch(/coinTolerance +0\.50 % +0\.50 % +0\.00 % to 2\.00 %/);
    expect(JSON.parse((await setting('get', 'secondApprovalAbove', '--json')).out)).toEqual({
      name: 'secondApprovalAbove',
      value: 100_000,
      own: false,
      default: 100_000,
      min: 0,
      max: 100_000_000,
      unit: 'money',
      currency: 'PLN',
    });
  });

  test.each(settingKeys)('%s may be anything within its bounds and nothing one step outside', async (key) => {
    const { min, max } = boundsOf(key, 'sandbox');
    const write = (amount: number) => tellSetting(key, amount, 'PLN').replace(/ .*$/, '');
    for (const amount of [min, max, settings[key].fallback]) expect(parseSetting(key, write(amount), 'PLN')).toBe(amount);
    const before = await value(key);
    for (const wrong of [write(max + 1), ...(min > 0 ? [write(min - 1)] : []), '-1', '1e3', 'NaN', '']) {
      const run = await setting('set', key, '--', wrong);
      expect([run.code, run.out]).toEqual([2, '']);
      expect(run.err).toContain('value');
      if (wrong !== '-1') expect(run.err).toContain(tellSetting(key, max, 'EUR').replace(/ EUR$/, ''));
    }
    expect(await value(key)).toBe(before);
  });

  test('may not contradict another one', async () => {
    const above = await setting('set', 'btcConfirmations', '7');
    expect([above.code, above.err.trim()]).toEqual([2, 'btcConfirmations: may not be above btcConfirmationsOfMuch, which is 6.']);
    const below = await setting('set', 'depositMaximum', '14.99');
    expect([below.code, below.err.trim()]).toEqual([2, 'depositMaximum: may not be below depositMinimum, which is 15.00 PLN.']);
    expect([await value('btcConfirmations'), await value('depositMaximum')]).toEqual([3, 1_000_000]);
  });

  test('that gives nearly everything away is asked about once more', async () => {
    const asked = await setting('set', 'diamondDiscount', '71');
    expect([asked.code, asked.err.trim()]).toEqual([2, 'diamondDiscount: 71 % off every price is much; add --sure if that is meant.']);
    expect(await value('diamondDiscount')).toBe(7);
    expect((await setting('set', 'diamondDiscount', '71', '--sure')).code).toBe(0);
    expect((await setting('set', 'diamondDiscount', '70')).code).toBe(0);
  });

  test('changed by many at once has an audit in which each follows the one before', async () => {
    const at = new Date();
    const changes = Array.from({ length: 12 }, (_, index) => ({
      shopId: world.shop.id,
      key: 'hourlyOrderLimit' as const,
      value: index + 1,
    }));
    await Promise.all(changes.map((one) => changeSetting(world.db.em.fork(), { ...one, actor: 'cli', mode: 'live', at })));
    const entries = (await audit()).filter(({ name }: { name: string }) => name === 'hourlyOrderLimit') as {
      before: number;
      after: number;
    }[];
    expect(entries).toHaveLength(12);
    expect(entries.map(({ before }) => before)).toEqual([20, ...entries.slice(0, -1).map(({ after }) => after)]);
    expect(await value('hourlyOrderLimit')).toBe(entries.at(-1)?.after);
  });

  test('of no name, or of no shop, changes nothing', async () => {
    const unknown = await setting('set', 'toString', '1');
    expect([unknown.code, unknown.out]).toEqual([2, '']);
    expect(unknown.err).toContain('name: "toString" is no setting; one of holdSeconds');
    expect(await tillflow('setting', 'list', '--shop', 'nowhere')).toMatchObject({ code: 1 });
  });
});
