/** Shops, customers and goods to measure with, made as the product makes them and known to the sandbox. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { AchievementName } from '../domain/achievement.ts';
import { postOpening } from '../domain/ledger.ts';
import { makeOrderCode } from '../domain/order-code.ts';
import { type MethodName, makePaymentId } from '../domain/payment.ts';
import { Customer } from '../db/entities/customer.ts';
import { Product } from '../db/entities/product.ts';
import type { Shop } from '../db/entities/shop.ts';
import { Unit } from '../db/entities/unit.ts';
import type { Database } from '../db/orm.ts';
import { award } from '../db/repositories/achievement.ts';
import { insertInboxRow } from '../db/repositories/inbox.ts';
import { post } from '../db/repositories/ledger.ts';
import { markPreCheckout } from '../db/repositories/payment.ts';
import { saveAccount } from '../db/repositories/provider-account.ts';
import { createShop } from '../db/repositories/shop.ts';
import { drawIds, type Secrets } from '../db/secrets.ts';
import type { PlaceOrder } from '../workflows/messages/order.ts';
import { type Chat, expectGoodsOnce } from './chats.ts';
import { runAtOnce } from './numbers.ts';

/** A bot sends at most 30 messages a second, which is Telegram's limit and not ours: several shops share the load. */
const shopCount = 16;
const price = 5_000;
const stars = 2_500;
const firstPerson = 7_000_000;
const peopleOfMarket = 1_000_000;
const sentMessage = z.object({ result: z.object({ message_id: z.number() }) });

interface Stall {
  readonly botToken: string;
  readonly shop: Shop;
  readonly product: Product;
}

/** One tap to be measured: its own customer, so that the limits of a person play no part. */
export interface Tap {
  readonly botToken: string;
  readonly orderCode: string;
  readonly place: PlaceOrder;
  readonly telegramUserId: number;
}

export interface MarketOptions {
  readonly db: Database;
  readonly secrets: Secrets;
  readonly sandboxUrl: string;
  /** Markets that share a sandbox have numbers of their own. */
  readonly number?: number;
}

export interface Market {
  /**
   * Customers with what they are about to tap. `known`: they did it before, and have the badge that the first time brings; a workflow of its
   * own would tell them of it besides. What is measured must then come to its end: nobody has a badge for nothing.
   */
  makeTaps(count: number, method: MethodName, known?: 'firstPurchase' | 'firstTopUp'): Promise<Tap[]>;
  /** The chats of those who tapped. */
  chatsOf(taps: readonly Tap[]): Chat[];
  /** What the provider would tell: money came for this tap. */
  payOutside(tap: Tap): Promise<void>;
  /** @throws RoundError unless each of these customers got goods in their chat exactly once, all different */
  expectDelivered(taps: readonly Tap[]): Promise<void>;
}

export async function openMarket({ db, secrets, sandboxUrl, number = 0 }: MarketOptions): Promise<Market> {
  const stalls: Stall[] = [];
  let people = firstPerson + number * peopleOfMarket;
  const firstStall = number * shopCount;

  const tellSandbox = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${sandboxUrl}/sandbox${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`The sandbox did not take ${path}: ${response.status} ${await response.text()}`);
  };

  const openStall = async (index: number): Promise<Stall> => {
    const em = db.em.fork();
    const botToken = `${300_000_000 + index}:${'b'.repeat(35)}`;
    const botUsername = `bench_${index}_bot`;
    const identity = { slug: `bench-${index}`, title: `Bench ${index}`, botToken, botUsername };
    const shop = await createShop(em, secrets, { ...identity, currency: 'PLN', timeZone: 'Europe/Warsaw', actor: 'system' });
    shop.digitalAcknowledgedAt = new Date();
    shop.digitalAcknowledgedBy = 'bench';
    const product = em.create(Product, {
      shopId: shop.id,
      kind: 'digital',
      stockMode: 'unique',
      title: 'Key',
      price,
      starsPrice: stars,
      methods: ['stars', 'card', 'wallet'],
    });
    em.persist(product);
    await em.flush();
    const keys = { secretKey: `sk_test_bench${index}`, webhookSecret: `whsec_bench${index}` };
    await saveAccount(em, secrets, { shopId: shop.id, provider: 'stripe', liveMode: false, keys });
    await saveAccount(em, secrets, { shopId: shop.id, provider: 'stars', liveMode: false });
    await tellSandbox('/bots', { token: botToken, username: botUsername, name: shop.title });
    // The far end's webhooks go nowhere: what it would tell is put into the inbox by `payOutside`.
    await tellSandbox('/stripe/accounts', { ...keys, webhookUrl: `${sandboxUrl}/health` });
    return { botToken, shop, product };
  };
  for (let index = 0; index < shopCount; index += 1) stalls.push(await openStall(firstStall + index));

  const addUnits = async ({ product }: Stall, count: number) => {
    const em = db.em.fork();
    for (const id of await drawIds(em, 'unit', count)) {
      const content = secrets.seal({ table: 'unit', column: 'content', id }, `KEY-${id}`);
      em.persist(em.create(Unit, { id, productId: product.id, state: 'free', content }));
    }
    await em.flush();
  };

  /** The confirm screen, which the order is shown in. */
  const showConfirm = async ({ botToken }: Stall, chatId: number): Promise<{ chatId: number; messageId: number }> => {
    const response = await fetch(`${sandboxUrl}/telegram/bot${botToken}/sendMessage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chat_id: chatId, text: 'Confirm' }),
    });
    const { result } = sentMessage.parse(await response.json());
    return { chatId, messageId: result.message_id };
  };

  const addCustomer = async ({ shop }: Stall, cash: number, known?: AchievementName): Promise<Customer> => {
    const em = db.em.fork();
    people += 1;
    const telegramUserId = people;
    const customer = em.create(Customer, { shopId: shop.id, telegramUserId, chatId: telegramUserId, language: 'en' });
    em.persist(customer);
    await em.flush();
    if (known) await award(em, { shopId: shop.id, customerId: customer.id }, [known], { silently: true });
    if (cash > 0) {
      const legs = postOpening(customer.id, cash);
      const posting = { shopId: shop.id, currency: shop.currency, key: `opening:${customer.id}`, legs, actor: 'system', reason: 'opening' };
      await em.transactional((tx) => post(tx, { ...posting, at: new Date() }));
    }
    await tellSandbox('/people', { id: telegramUserId, firstName: 'Ada' });
    await tellSandbox('/messages', { bot: shop.botUsername, person: telegramUserId, text: '/start' });
    return customer;
  };

  const chatsOf: Market['chatsOf'] = (taps) =>
    taps.map(({ orderCode, place, telegramUserId }) => ({
      bot: stalls.find(({ shop }) => shop.id === place.shopId)?.shop.botUsername ?? '',
      person: telegramUserId,
      code: orderCode,
    }));

  return {
    async makeTaps(count, method, known) {
      // Twice what is needed: the fight for the last unit is tested elsewhere.
      await Promise.all(stalls.map((stall) => addUnits(stall, 2 * Math.ceil(count / shopCount))));
      const taps: Tap[] = new Array(count);
      await runAtOnce(count, 8, async (index) => {
        const stall = stalls[index % shopCount] as Stall;
        const customer = await addCustomer(stall, method === 'wallet' ? price : 0, known);
        taps[index] = {
          botToken: stall.botToken,
          orderCode: makeOrderCode(randomBytes(8)),
          telegramUserId: customer.telegramUserId,
          place: {
            shopId: stall.shop.id,
            customerId: customer.id,
            lines: [{ productId: stall.product.id, quantity: 1 }],
            shownTotal: price,
            shownStars: stars,
            method,
            holdSeconds: 900,
            fromBasket: false,
            language: 'en',
            screen: await showConfirm(stall, customer.chatId),
          },
        };
      });
      return taps;
    },

    chatsOf,

    expectDelivered: (taps) => expectGoodsOnce(sandboxUrl, chatsOf(taps)),

    async payOutside({ orderCode, place, telegramUserId }) {
      const em = db.em.fork();
      const paymentId = makePaymentId(orderCode, 1);
      const told = {
        shopId: place.shopId,
        verdict: 'verified',
        kind: 'settled',
        paymentId,
        providerAt: new Date(),
        body: Buffer.from('{}'),
      } as const;
      if (place.method === 'stars') {
        const ask = { shopId: place.shopId, paymentId, telegramUserId, amount: stars, currency: 'XTR', at: new Date() };
        const verdict = await markPreCheckout(em, ask);
        if (verdict !== 'approved') throw new Error(`The pre-checkout of ${orderCode} was answered ${verdict}`);
        const charge = { objectId: `charge_${orderCode}`, eventId: `charge_${orderCode}:settled`, amount: stars, currency: 'XTR' };
        await insertInboxRow(em, { ...told, ...charge, provider: 'stars', source: 'update', type: 'successful_payment' });
      } else {
        const money = { objectId: `pi_${orderCode}`, eventId: `evt_${orderCode}`, amount: price, currency: 'PLN', liveMode: false };
        await insertInboxRow(em, { ...told, ...money, provider: 'stripe', source: 'webhook', type: 'payment_intent.succeeded' });
      }
    },
  };
}
