/** Topping up in Stars in the chat, with a real worker, bot and Telegram's side of the sandbox; and what that money may buy. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Customer } from '../../db/entities/customer.ts';
import { isLater } from '../../temporal/deadline.ts';
import { reconcileNow } from '../../temporal/reconcile.ts';
import { requestDepositRefund } from '../../temporal/refund.ts';
import type { ChatMessage } from '../../sandbox/telegram/chat-contract.ts';
import { depositOf, payDeposit, walletOf } from '../support/deposits.ts';
import { openPerson } from '../support/person.ts';
import { allowStars } from '../support/stars.ts';
import { depositByStars, payDepositByStars } from '../support/stars-endings.ts';
import { isGreen, payByStars, runBots } from '../support/story.ts';
import { waitFor } from '../support/wait.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let stopBots: () => Promise<void>;
beforeAll(async () => {
  world = await startWorld();
  stopBots = await runBots(world);
  await allowStars(world);
}, 120_000);
afterAll(async () => {
  await stopBots?.();
  await world?.close();
});
afterEach(() => isGreen(world));

const soon = { timeout: 15_000, interval: 100 };
const untilStars = (customer: Customer, stars: number) =>
  waitFor(async () => expect((await walletOf(world, customer)).stars).toBe(stars), soon);
const labelsOf = ({ replyMarkup }: ChatMessage) =>
  replyMarkup && 'inline_keyboard' in replyMarkup ? replyMarkup.inline_keyboard.flat().map(({ text }) => text) : [];
const balanceOf = async ({ telegramUserId }: Customer) =>
  (await world.control<{ stars: number }>('/stars', { person: telegramUserId, amount: 0 })).stars;

/** A customer whose wallet was topped up by 50.00 in Stars. */
async function toppedUp() {
  const deposited = await depositByStars(world);
  await payDepositByStars(world, deposited);
  await untilStars(deposited.customer, 5_000);
  return deposited;
}

describe('a customer', () => {
  it('is not offered Stars where the owner did not switch them on', async () => {
    await allowStars(world, false);
    const person = openPerson(world, await world.addPerson());
    await person.say('/refill 50');
    const shown = await person.see(/50.00 PLN into your wallet/);
    expect(labelsOf(shown).some((label) => label.includes('Stars'))).toBe(false);
    expect(shown.text).not.toContain('digital goods');
    await allowStars(world);
  });

  it('tops up in Stars: how many, what they buy, one message that shows when they came, and a line of their own in the wallet', async () => {
    const customer = await world.addPerson();
    const person = openPerson(world, customer);
    await person.say('/refill 50');
    await person.see(/What you pay in Stars buys digital goods only/);
    await person.press(/Stars · 2,500 ⭐/);
    const shown = await person.see(/Waiting for your payment[\s\S]*Pay 2,500 ⭐ with the button below/);
    const slug = (await person.linkOf(/^Pay 2,500 ⭐$/)).split('$').at(-1) as string;
    expect(await payByStars(world, customer, slug)).toMatchObject({ status: 'paid' });
    await untilStars(customer, 5_000);
    const done = await person.see(/In your wallet\n/);
    expect(done.id, 'one message, edited in place').toBe(shown.id);
    await person.see(/50.00 PLN has arrived in your wallet/);
    await person.say('/wallet');
    const wallet = await person.see(/Balance: 50.00 PLN/);
    expect(wallet.text).toMatch(/Money: 0.00 PLN\nFrom Stars, for digital goods: 50.00 PLN/);
    await person.say('/profile');
    await person.see(/50.00 PLN/);
    // The same invoice again is refused before anything is charged.
    expect(await payByStars(world, customer, slug)).toMatchObject({ status: 'refused' });
  });

  it('buys digital goods from it, and is told to top up by something else for what is collected', async () => {
    const { customer } = await toppedUp();
    const person = openPerson(world, customer);
    const mug = await world.addProduct({ kind: 'pickup', stockMode: 'unlimited', price: 3_000, title: 'Mug', methods: ['card', 'wallet'] });
    await person.say(`/start p_${mug.id}`);
    await person.press(/^Buy now/i);
    const confirm = await person.see(/Total: 30.00 PLN[\s\S]*In your wallet: 0.00 PLN/);
    expect(labelsOf(confirm).some((label) => /Wallet/.test(label))).toBe(false);
    await person.press(/Top up 30.00 PLN, then buy by itself/);
    const offered = await person.see(/30.00 PLN into your wallet[\s\S]*bought by itself/);
    expect(labelsOf(offered).some((label) => label.includes('Stars'))).toBe(false);
    await person.press(/Card/);
    await person.see(/Waiting for your payment/);
    const code = String((await world.one('select code from deposit where customer_id = ? order by id desc', [customer.id])).code);
    await payDeposit(world, code);
    await person.see(/Ready to collect: Mug/);
    expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 5_000, bonus: 0, debt: 0 });

    const key = await world.addProduct({ price: 5_000, title: 'Key' });
    await person.say(`/start p_${key.id}`);
    await person.press(/^Buy now/i);
    await person.see(/In your wallet: 50.00 PLN/);
    await person.press(/Wallet/);
    await person.see(/SECRET-/);
    expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 0 });
  }, 60_000);

  it('whose basket waits for digital goods has it bought by what came in Stars', async () => {
    await allowStars(world);
    const customer = await world.addPerson();
    const person = openPerson(world, customer);
    const key = await world.addProduct({ price: 4_000, title: 'Another key' });
    await person.say(`/start p_${key.id}`);
    await person.press(/^Buy now/i);
    await person.press(/Top up 40.00 PLN, then buy by itself/);
    await person.press(/Stars · 2,000 ⭐/);
    const slug = (await person.linkOf(/^Pay 2,000 ⭐$/)).split('$').at(-1) as string;
    await payByStars(world, customer, slug);
    await person.see(/SECRET-/);
    await untilStars(customer, 0);
  });

  it('gets an unspent top-up back in Stars from staff, and reads of it', async () => {
    const { customer, depositCode } = await toppedUp();
    const before = await balanceOf(customer);
    const wish = { depositCode, actor: 'cli', reason: 'asked for' };
    expect(await requestDepositRefund(world.door, wish)).toMatchObject({ ok: true });
    await waitFor(async () => expect(await balanceOf(customer)).toBe(before + 2_500), soon);
    const person = openPerson(world, customer);
    await person.see(/2,500 ⭐ of top-up .* went back to you/);
    await person.see(/Taken back[\s\S]*The shop gave 50.00 PLN of this top-up back to you in Stars/);
    expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 0 });
    expect(await requestDepositRefund(world.door, wish)).toMatchObject({ ok: true });
    expect(await balanceOf(customer)).toBe(before + 2_500);
  });

  it('owes what Telegram took back and the wallet had not: the statement tells of it, and all is equal', async () => {
    const { customer, depositCode } = await toppedUp();
    const person = openPerson(world, customer);
    const key = await world.addProduct({ price: 3_000, title: 'Third key' });
    await person.say(`/start p_${key.id}`);
    await person.press(/^Buy now/i);
    await person.press(/Wallet/);
    await person.see(/SECRET-/);
    const charge = await world.one('select money_object from payment where id = ?', [`deposit-${depositCode}`]);
    await world.control('/stars/take-back', { chargeId: charge.money_object });
    const outcome = await reconcileNow(world.door, { graceSeconds: 0 });
    if (isLater(outcome)) throw new Error('It was not answered in time');
    expect(outcome.results.find(({ provider }) => provider === 'stars')).toMatchObject({ found: 1, differences: [] });
    await waitFor(async () => expect((await depositOf(world, depositCode)).status).toBe('reversed'), soon);
    expect(await walletOf(world, customer)).toEqual({ cash: 0, stars: 0, bonus: 0, debt: 3_000 });
    await person.see(/took back 2,500 ⭐ of top-up/);
    expect(await reconcileNow(world.door, { graceSeconds: 0 })).toMatchObject({ status: 'equal' });
  }, 60_000);
});
