/** A basket short of money, in the chat: the top-up that is offered, and what buys itself after it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Customer } from '../../db/entities/customer.ts';
import { payDeposit, walletOf } from '../support/deposits.ts';
import { openPerson } from '../support/person.ts';
import { isGreen, runBots } from '../support/story.ts';
import { waitFor } from '../support/wait.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let stopBots: () => Promise<void>;
beforeAll(async () => {
  world = await startWorld();
  stopBots = await runBots(world);
}, 120_000);
afterAll(async () => {
  await stopBots?.();
  await world?.close();
});
afterEach(() => isGreen(world));

const soon = { timeout: 15_000, interval: 100 };
const depositsOf = ({ id }: Customer) =>
  world.db.em
    .fork()
    .execute<{ code: string; amount: string }[]>('select code, amount from deposit where customer_id = ? order by id desc', [id]);

/** A customer in front of the confirm screen of one product. */
async function confirming(price: number, cash: number) {
  const customer = await world.addPerson({ cash });
  const product = await world.addProduct({ price, title: `Key for ${price} and ${cash}` });
  const person = openPerson(world, customer);
  await person.say(`/start p_${product.id}`);
  await person.press(/^Buy now/i);
  await person.see(/Total: /);
  return { customer, product, person };
}

async function payNewest(customer: Customer): Promise<number> {
  const [deposit] = await waitFor(async () => {
    const rows = await depositsOf(customer);
    if (!rows[0]) throw new Error('There is no deposit yet');
    return rows;
  }, soon);
  await waitFor(() => payDeposit(world, deposit?.code ?? ''), soon);
  return Number(deposit?.amount);
}

describe('a customer short of money', () => {
  it('tops up what is missing, and the goods come by themselves', async () => {
    const { customer, person } = await confirming(5_000, 1_500);
    await person.press(/Top up 35.00 PLN, then buy by itself/);
    await person.see(/35.00 PLN into your wallet[\s\S]*bought by itself, once, for at most 50.00 PLN/);
    await person.press(/Card/);
    await person.see(/Waiting for your payment/);
    expect(await payNewest(customer)).toBe(3_500);
    await person.see(/SECRET-/);
    expect(await walletOf(world, customer)).toMatchObject({ cash: 0, stars: 0, bonus: 0, debt: 0 });
    expect(await world.one('select count(*)::int as orders from "order" where customer_id = ?', [customer.id])).toEqual({ orders: 1 });
  }, 60_000);

  it('is offered no less than can be topped up, and may top up without buying', async () => {
    const { customer, person } = await confirming(5_000, 4_990);
    await person.press(/^➕ Top up 25.00 PLN$/);
    await person.see(/25.00 PLN into your wallet/);
    await person.press(/Card/);
    await person.see(/Waiting for your payment/);
    expect(await payNewest(customer)).toBe(2_500);
    await person.see(/25.00 PLN has arrived/);
    await sleep(500);
    expect(await world.one('select count(*)::int as orders from "order" where customer_id = ?', [customer.id])).toEqual({ orders: 0 });
  }, 60_000);

  it('gives it up: the money comes, and nothing is bought', async () => {
    const { customer, person } = await confirming(5_000, 0);
    await person.press(/buy by itself/);
    const { id } = await person.see(/bought by itself, once/);
    await person.press(/Do not buy by itself/);
    const after = await person.see(/nothing is bought by itself/);
    expect(after.id, 'one message, edited in place').toBe(id);
    expect(await world.one('select status from auto_buy where customer_id = ?', [customer.id])).toEqual({ status: 'ended' });
  }, 60_000);

  it('is offered no top-up with enough in the wallet, but the wallet', async () => {
    const { person } = await confirming(5_000, 5_000);
    const shown = await person.see(/Total: 50.00 PLN/);
    const buttons = shown.replyMarkup && 'inline_keyboard' in shown.replyMarkup ? shown.replyMarkup.inline_keyboard.flat() : [];
    expect(buttons.map(({ text }) => text).filter((text) => /Top up/.test(text))).toEqual([]);
    await person.press(/Wallet · 50.00 PLN/);
    await person.see(/SECRET-/);
  }, 60_000);
});
