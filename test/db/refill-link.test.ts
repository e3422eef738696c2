/** Links to top up by: only what we signed opens, for its customer, once, for a day. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Customer } from '../../db/entities/customer.ts';
import { makeRefillLink, openRefillLink } from '../../db/repositories/refill-link.ts';
import { createShop } from '../../db/repositories/shop.ts';
import { openSecrets, type Secrets } from '../../db/secrets.ts';
import { makeTestShop, testKeys, type TestShop } from '../support/shop.ts';

let world: TestShop;
let customer: Customer;
let payload: string;
const madeAt = new Date('2026-11-26T12:00:00.000Z');
const em = () => world.db.em.fork();

beforeAll(async () => {
  world = await makeTestShop();
});
afterAll(() => world.close());
beforeEach(async () => {
  customer = await world.addCustomer();
  const wish = { shopId: world.shop.id, customerId: customer.id, amount: 4_990, actor: 'cli', at: madeAt };
  ({ payload } = await makeRefillLink(em(), world.secrets, wish));
});

interface Opening {
  readonly shopId: number;
  readonly customerId: number;
  readonly payload: string;
  readonly at: Date;
  readonly secrets: Secrets;
}

function open({ secrets = world.secrets, ...more }: Partial<Opening> = {}) {
  return openRefillLink(em(), secrets, { shopId: world.shop.id, customerId: customer.id, payload, at: madeAt, ...more });
}

describe('a link to top up by', () => {
  test('is what /start can carry, opens once for its amount, and is kept nowhere', async () => {
    expect(payload).toMatch(/^[\w-]{43}$/);
    expect(await open()).toEqual({ amount: 4_990 });
    expect(await open()).toBe('over');
    const kept = await em().execute(`select to_jsonb(l)::text as row from refill_link l union all select to_jsonb(a)::text from audit a`);
    expect(kept.length).toBeGreaterThanOrEqual(2);
    const bytes = Buffer.from(payload, 'base64url');
    for (const secret of [payload, bytes.toString('hex'), bytes.subarray(0, 16).toString('hex')])
      expect(JSON.stringify(kept)).not.toContain(secret);
  });

  test('opened twenty times at once opens once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => open()));
    expect(all.filter((one) => typeof one === 'object')).toEqual([{ amount: 4_990 }]);
    expect(all.filter((one) => one === 'over').length).toBe(19);
  });

  test('lasts a day', async () => {
    expect(await open({ at: new Date(madeAt.getTime() + 24 * 3_600_000) })).toBe('over');
    expect(await open({ at: new Date(madeAt.getTime() + 24 * 3_600_000 - 1) })).toEqual({ amount: 4_990 });
  });

  test('is nobody else’s, and stays unopened when somebody else tries', async () => {
    const stranger = await world.addCustomer();
    const other = await createShop(em(), world.secrets, { slug: `s${stranger.id}`, title: 'Other', currency: 'PLN', actor: 'system' });
    expect(await open({ customerId: stranger.id })).toBe('notTheirs');
    expect(await open({ shopId: other.id })).toBe('notTheirs');
    expect(await open()).toEqual({ amount: 4_990 });
  });

  test('changed in any character, guessed, or signed with another key, is none', async () => {
    for (let at = 0; at < payload.length; at += 1) {
      const changed = `${payload.slice(0, at)}${payload[at] === 'A' ? 'B' : 'A'}${payload.slice(at + 1)}`;
      expect([at, await open({ payload: changed })]).toEqual([at, 'notTheirs']);
    }
    for (const guess of [randomBytes(32).toString('base64url'), '', payload.slice(1), `${payload}A`, `${payload}=`, 'A'.repeat(43)]) {
      expect(await open({ payload: guess })).toBe('notTheirs');
    }
    const strange = openSecrets(`k1:${randomBytes(32).toString('base64')}`);
    expect(await open({ secrets: strange })).toBe('notTheirs');
    // While keys are changed the old one is still known.
    const rotating = openSecrets(`k2:${randomBytes(32).toString('base64')},${testKeys}`);
    expect(await open({ secrets: rotating })).toEqual({ amount: 4_990 });
  });
});
