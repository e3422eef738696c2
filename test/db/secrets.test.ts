import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rotateKeys, sealedColumns } from '../../db/rotate-keys.ts';
import { openSecrets, SecretError } from '../../db/secrets.ts';
import { makeTestShop, testKeys, type TestShop } from '../support/shop.ts';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const place = { table: 'unit', column: 'content', id: 7 };

describe('a sealed value', () => {
  it('opens in its own place and with its own key only', () => {
    const [k1, k2] = [key('k1'), key('k2')];
    const secrets = openSecrets(k1);
    const sealed = secrets.seal(place, 'ключ 🗝');
    expect(secrets.open(place, sealed)).toBe('ключ 🗝');
    expect(sealed.includes(Buffer.from('ключ'))).toBe(false);
    for (const moved of [
      { ...place, id: 8 },
      { ...place, column: 'name' },
      { ...place, table: 'product' },
    ]) {
      expect(() => secrets.open(moved, sealed)).toThrow(SecretError);
    }
    expect(() => openSecrets(k2).open(place, sealed)).toThrow(/No key k1/);
    expect(() => openSecrets(k2.replace('k2', 'k1')).open(place, sealed)).toThrow(/does not open/);
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    expect(() => secrets.open(place, sealed)).toThrow(SecretError);
  });

  it('is never the same twice', () => {
    const secrets = openSecrets(key('k1'));
    expect(secrets.seal(place, 'x').equals(secrets.seal(place, 'x'))).toBe(false);
  });

  it.each(['', 'k1', 'k1:short', ':AAAA', `k1:${'A'.repeat(43)}=,k2:x`])('keys %j are refused by id, never by value', (text) => {
    expect(() => openSecrets(text)).toThrow(/TILLFLOW_KEYS/);
  });
});

describe('rotating keys', () => {
  let world: TestShop;
  beforeAll(async () => {
    world = await makeTestShop();
  });
  afterAll(async () => {
    await world.close();
  });

  it('knows every sealed column of the schema', async () => {
    const rows = await world.db.em.fork().execute<{ table: string; column: string }[]>(
      `select table_name as table, column_name as column from information_schema.columns
        where table_schema = 'public' and data_type = 'bytea' and (table_name, column_name) not in (('photo', 'bytes'), ('inbox', 'body'), ('chain_address', 'script'))`,
    );
    const names = (columns: readonly { table: string; column: string }[]) => columns.map((one) => `${one.table}.${one.column}`).sort();
    expect(names(rows)).toEqual(names(sealedColumns));
  });

  it('seals all with the new key, after which the old one may go, and repeated does nothing', async () => {
    await world.addProduct({ units: 3 });
    await world.addProduct({ stockMode: 'unlimited' });
    const next = key('k2');
    const both = openSecrets(`${next},${testKeys}`);
    expect(await rotateKeys(world.db.em.fork(), both)).toBeGreaterThanOrEqual(7);
    expect(await rotateKeys(world.db.em.fork(), both)).toBe(0);
    const alone = openSecrets(next);
    const units = await world.db.em.fork().execute<{ id: string; content: Buffer }[]>('select id, content from unit');
    for (const unit of units) expect(alone.open({ ...place, id: Number(unit.id) }, unit.content)).toMatch(/^SECRET-/);
  });
});
