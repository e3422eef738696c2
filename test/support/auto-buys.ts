/** Baskets that buy themselves, in a test world: the wish, the money, and how it ends. */
import { expect } from 'vitest';
import type { Customer } from '../../db/entities/customer.ts';
import type { Product } from '../../db/entities/product.ts';
import { findAutoBuy } from '../../db/repositories/auto-buy.ts';
import { addToBasket } from '../../db/repositories/basket.ts';
import { giveUpAutoBuy, wishAutoBuy } from '../../temporal/auto-buy.ts';
import { autoBuyWorkflowId } from '../../workflows/messages/auto-buy.ts';
import { depositOne, payDeposit } from './deposits.ts';
import { type Ending, ended } from './ending.ts';
import { newCode } from './shop.ts';
import { untilAnswered, waitFor } from './wait.ts';
import type { World } from './world.ts';

export interface Wished {
  readonly orderCode: string;
  readonly customer: Customer;
  readonly product: Product;
}

/** A customer with nothing in the wallet has one product of 50.00 in the basket, and wishes that it buys itself. */
export async function wishOne(
  world: World,
  wish: { product?: Product; customer?: Customer; fromBasket?: boolean; cash?: number } = {},
): Promise<Wished> {
  const customer = wish.customer ?? (await world.addPerson({ cash: wish.cash ?? 0 }));
  const product = wish.product ?? (await world.addProduct({ units: 3 }));
  const { fromBasket = true } = wish;
  if (fromBasket) await addToBasket(world.db.em.fork(), customer.id, product.id);
  const orderCode = newCode();
  const wanted = {
    shopId: world.shop.id,
    customerId: customer.id,
    lines: [{ productId: product.id, quantity: 1 }],
    shownTotal: product.price,
    fromBasket,
    language: 'en',
  };
  const answer = await untilAnswered(() => wishAutoBuy(world.door, orderCode, wanted));
  if (!('closed' in answer)) expect(answer.ok).toBe(true);
  return { orderCode, customer, product };
}

/** Money comes into the customer's wallet. */
export async function topUp(world: World, customer: Customer, amount = 5_000): Promise<void> {
  const { depositCode } = await depositOne(world, { customer, amount });
  await payDeposit(world, depositCode);
}

export async function statusOfWish(world: World, orderCode: string): Promise<{ status: string; reason: string | null; told: boolean }> {
  const wish = await findAutoBuy(world.db.em.fork(), orderCode);
  return { status: wish?.status ?? 'none', reason: wish?.reason ?? null, told: wish?.toldAt != null };
}

export function untilWish(world: World, orderCode: string, status: string): Promise<void> {
  return waitFor(async () => expect((await statusOfWish(world, orderCode)).status).toBe(status), { timeout: 20_000, interval: 100 });
}

const endedWish = (world: World, { orderCode }: Wished) => ended(world, autoBuyWorkflowId(orderCode));

export const autoBuyEndings: readonly Ending[] = [
  {
    name: 'auto-buy-bought',
    // A ring that comes while it is being bought costs a task more.
    most: 27,
    async run(world) {
      const wished = await wishOne(world);
      await topUp(world, wished.customer);
      return endedWish(world, wished);
    },
  },
  {
    name: 'auto-buy-asked-sold-out',
    async run(world) {
      const wished = await wishOne(world, { product: await world.addProduct({ units: 0 }) });
      await topUp(world, wished.customer);
      return endedWish(world, wished);
    },
  },
  {
    name: 'auto-buy-given-up',
    async run(world) {
      const wished = await wishOne(world);
      await untilAnswered(() => giveUpAutoBuy(world.door, wished.orderCode, wished.customer.id));
      return endedWish(world, wished);
    },
  },
  {
    name: 'auto-buy-replaced',
    async run(world) {
      const first = await wishOne(world, { fromBasket: false });
      const second = await wishOne(world, { fromBasket: false, customer: first.customer });
      await ended(world, autoBuyWorkflowId(first.orderCode));
      await topUp(world, first.customer);
      return endedWish(world, second);
    },
  },
  {
    name: 'auto-buy-cancelled-in-ui',
    async run(world) {
      const wished = await wishOne(world);
      await world.door.client.workflow.getHandle(autoBuyWorkflowId(wished.orderCode)).cancel();
      return endedWish(world, wished);
    },
  },
  { name: 'auto-buy-never-paid', long: true, run: async (world) => endedWish(world, await wishOne(world)) },
];
