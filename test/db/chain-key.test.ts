import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountKeyError, readAccountKey } from '../../db/account-key.ts';
import { addChainKey, confirmChainKey, giveAddress, listChainKeys } from '../../db/repositories/chain-key.ts';
import { gapLimit } from '../../domain/chain.ts';
import { exampleAccount, freshTestKey } from '../support/chain-keys.ts';
import { makeTestShop, type TestShop } from '../support/shop.ts';

let world: TestShop;
beforeAll(async () => {
  world = await makeTestShop();
});
afterAll(() => world.close());

const em = () => world.db.em.fork();
const at = new Date('2026-11-26T12:00:00Z');
const network = 'regtest' as const;
const add = (key: string, more: { shopId?: number; coin?: 'btc' | 'ltc' } = {}) =>
  addChainKey(em(), world.secrets, { shopId: world.shop.id, coin: 'btc', network, key, actor: 'cli', at, ...more });
const confirm = (lastAddress: string) =>
  confirmChainKey(em(), world.secrets, { shopId: world.shop.id, coin: 'btc', lastAddress, actor: 'cli', at });
const give = (customerId: number, coin: 'btc' | 'ltc' = 'btc') =>
  giveAddress(em(), world.secrets, { shopId: world.shop.id, customerId, coin, at });

describe("a shop's account key", () => {
  it('serves nobody until the owner found its third address in their wallet', async () => {
    const customer = await world.addCustomer();
    const { addresses } = await add(freshTestKey());
    expect(await give(customer.id)).toEqual({ address: undefined, why: 'noKey' });
    expect(await confirm(addresses[0] as string)).toBe('anotherAddress');
    expect(await give(customer.id)).toEqual({ address: undefined, why: 'noKey' });
    expect(await confirm(addresses[2] as string)).toBeUndefined();
    expect(await confirm(addresses[2] as string)).toBe('nothingToConfirm');
    expect((await give(customer.id)).address?.address).toBe(addresses[0]);
  });

  it('is sealed where it is kept', async () => {
    const key = freshTestKey();
    await add(key);
    const row = await world.one('select encode(key, $$escape$$) as sealed from chain_key order by id desc limit 1');
    expect(String(row.sealed)).not.toContain(key.slice(0, 20));
  });

  it('serves one shop and coin, also when it is spelled otherwise', async () => {
    const { key } = exampleAccount("m/84'/1'/7'", 'vpub');
    const { addresses } = await add(key);
    expect(await confirm(addresses[2] as string)).toBeUndefined();
    await expect(add(key)).rejects.toThrow(/in use already/);
    await expect(add(exampleAccount("m/84'/1'/7'", 'upub').key)).rejects.toThrow(AccountKeyError);
    await expect(add(key, { coin: 'ltc' })).rejects.toThrow(/one shop and coin/);
  });

  it('may be replaced; what was shown before stays who it was shown to', async () => {
    const customer = await world.addCustomer();
    const before = (await give(customer.id)).address;
    const { addresses } = await add(freshTestKey());
    expect(await confirm(addresses[2] as string)).toBeUndefined();
    const after = (await give(customer.id)).address;
    expect(after?.address).toBe(addresses[0]);
    const rows: { address: string }[] = await em().execute('select address from chain_address where customer_id = ? order by id', [
      customer.id,
    ]);
    expect(rows.map(({ address }) => address)).toEqual([before?.address, after?.address]);
    const states = (await listChainKeys(em(), world.shop.id)).map(({ state }) => state);
    expect(states.filter((state) => state === 'serving')).toHaveLength(1);
  });
});

describe('an address', () => {
  it("is one person's for ever, and no two people's, however many ask at once", async () => {
    const { addresses } = await add(freshTestKey());
    await confirm(addresses[2] as string);
    const customers = await Promise.all(Array.from({ length: 12 }, () => world.addCustomer()));
    const given = await Promise.all([...customers, ...customers, ...customers].map(({ id }) => give(id)));
    const byCustomer = new Map<number, Set<string>>();
    for (const { address } of given) {
      if (!address) throw new Error('No address was given');
      byCustomer.set(address.customerId, (byCustomer.get(address.customerId) ?? new Set()).add(address.address));
    }
    expect([...byCustomer.values()].map((own) => own.size)).toEqual(Array.from({ length: 12 }, () => 1));
    expect(new Set(given.map(({ address }) => address?.address)).size).toBe(12);
    expect(given.map(({ address }) => address?.index).sort((a = 0, b = 0) => a - b)).toEqual(
      Array.from({ length: 36 }, (_, index) => Math.floor(index / 3)),
    );
  });

  it('cannot be taken away or given to another by the application', async () => {
    await expect(em().execute('delete from chain_address')).rejects.toThrow(/permission denied/);
    await expect(em().execute('update chain_address set customer_id = 1')).rejects.toThrow(/permission denied/);
  });

  it('is not given anew when twenty in a row were not paid to; who has one keeps it', async () => {
    const key = freshTestKey();
    const { addresses } = await add(key);
    await confirm(addresses[2] as string);
    const customers = await Promise.all(Array.from({ length: gapLimit + 1 }, () => world.addCustomer()));
    const given = [];
    for (const { id } of customers) given.push(await give(id));
    expect(given.slice(0, gapLimit).map((one) => ('unusedInARow' in one ? one.unusedInARow : 0))).toEqual(
      Array.from({ length: gapLimit }, (_, index) => index + 1),
    );
    expect(given.at(-1)).toEqual({ address: undefined, why: 'tooManyUnused' });
    expect((await give(customers[0]?.id ?? 0)).address?.index).toBe(0);

    await em().execute('update chain_address set used_at = now() where id = ?', [given[4]?.address?.id]);
    expect(await give(customers.at(-1)?.id ?? 0)).toMatchObject({ address: { index: gapLimit }, unusedInARow: gapLimit - 4 });
    const account = readAccountKey(key, { coin: 'btc', network });
    expect(given[7]?.address?.address).toBe(account.address(7).address);
  });
});
