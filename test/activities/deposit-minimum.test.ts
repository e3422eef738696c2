/** The least that can be topped up is the same money in every shop, whatever its currency. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDepositActivities } from '../../activities/deposit.ts';
import { createRateActivities } from '../../activities/rate.ts';
import { checkDatabase } from '../../db/check.ts';
import { readDepositMinimum } from '../../db/repositories/deposit-minimum.ts';
import { writeSetting } from '../../db/repositories/setting.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { makeTestShop, newCode, type TestShop } from '../support/shop.ts';

const day = 86_400_000;
const morning = Date.parse('2026-11-26T00:05:00Z');
let world: TestShop;
beforeAll(async () => {
  world = await makeTestShop();
});
afterAll(() => world.close());

const minimum = (at: number, currency = 'PLN') => readDepositMinimum(world.db.em.fork(), { id: world.shop.id, currency }, new Date(at));
async function rate(price: string, at: number, other = price): Promise<void> {
  const { keepRates } = createRateActivities({ db: world.db, rates: {} as never });
  await keepRates({ at, prices: { coingecko: { 'EUR/PLN': price }, coinbase: { 'EUR/PLN': other } } });
}
async function open(amount: number, at: number): Promise<string | null> {
  const { db, secrets, shop } = world;
  const steps = createDepositActivities({ db, secrets, telegram: createTelegram({ apiRoot: 'http://127.0.0.1:9' }) });
  const { id: customerId } = await world.addCustomer();
  const wish = { shopId: shop.id, customerId, amount, method: 'card', payWithinSeconds: 1_800, language: 'en' } as const;
  return (await steps.openDeposit({ depositCode: newCode(), open: wish, at })).rejected;
}

describe('the least that can be topped up', () => {
  it('is 5.00 of the currency while no rate is known, and 5.00 EUR in EUR', async () => {
    expect(await minimum(morning)).toBe(500);
    expect(await minimum(morning, 'EUR')).toBe(500);
  });

  it('is 5.00 EUR by the first rate of the day, rounded up, and stays so for the day', async () => {
    await rate('4.2501', morning);
    await rate('4.4', morning + 3_600_000);
    expect(await minimum(morning + 2 * 3_600_000)).toBe(2_126);
    expect(await open(2_125, morning + 2 * 3_600_000)).toBe('AmountTooSmall');
    expect(await open(2_126, morning + 2 * 3_600_000)).toBeNull();
  });

  it('goes by the last known rate when today has none that is valid', async () => {
    await rate('4', morning + day, '5');
    expect(await minimum(morning + day + 60_000)).toBe(2_200);
    expect(await minimum(morning + 30 * day)).toBe(2_200);
  });

  it('is raised by the shop’s own setting, and not lowered', async () => {
    const own = { shopId: world.shop.id, key: 'depositMinimum' as const, actor: 'cli', mode: 'live' as const, at: new Date(morning) };
    await writeSetting(world.db.em.fork(), { ...own, value: 3_000 });
    expect(await minimum(morning + 60_000)).toBe(3_000);
    await writeSetting(world.db.em.fork(), { ...own, value: 100 });
    expect(await minimum(morning + 60_000)).toBe(2_126);
    const { findings } = await checkDatabase(world.db.em.fork(), { now: new Date(morning + 2 * 3_600_000) });
    expect(findings).toEqual([]);
  });
});
