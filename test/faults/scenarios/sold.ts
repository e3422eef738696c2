/** Whether an order for one unit ended sold or given back, with every coin where its end says. */
import assert from 'node:assert/strict';
import { waitFor } from '../../support/wait.ts';
import type { Placed } from '../../support/story.ts';
import type { World } from '../../support/world.ts';
import { cashOf, countSecrets, countUnits } from './acts.ts';

const price = 5000;

/** @param expected.cash what the customer had in the wallet before */
export async function isSoldOrGivenBack(
  world: World,
  { orderCode, customer, product }: Placed,
  expected: { readonly status: string; readonly cash: number; readonly about: string },
): Promise<void> {
  const { status } = expected;
  const about = `order ${orderCode}, ${status}, met ${expected.about}`;
  assert.ok(['delivered', 'expired', 'cancelled'].includes(status), about);
  const sold = status === 'delivered';
  // Money that found the order closed is its own story, which may still be under way.
  await waitFor(
    async () => {
      const open = await world.one(
        'select count(*)::int as n from inbox where outcome is null and order_id = (select id from "order" where code = ?)',
        [orderCode],
      );
      assert.equal(open.n, 0, `${about}: money is unheard`);
    },
    { timeout: 30_000 },
  );
  assert.deepEqual(await countUnits(world, product.id), sold ? { sold: 1 } : { free: 1 }, about);
  assert.equal(await countSecrets(world, customer), sold ? 1 : 0, about);
  const money = await world.one(
    `select coalesce(sum(p.received) filter (where p.currency <> 'XTR'), 0)::int as own,
            coalesce(sum(p.received) filter (where p.provider = 'wallet'), 0)::int as wallet,
            coalesce(bool_or(p.currency = 'XTR' and p.applied > 0), false) as stars
       from payment p where p.order_id = (select id from "order" where code = ?)`,
    [orderCode],
  );
  const spent = sold && !money.stars ? price : 0;
  assert.equal(await cashOf(world, customer), expected.cash + Number(money.own) - Number(money.wallet) - spent, `${about}: the wallet`);
}
