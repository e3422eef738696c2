/** Shops with goods, and people who come to buy them, on a stack of real processes. */
import { Customer } from '../../../db/entities/customer.ts';
import { Product } from '../../../db/entities/product.ts';
import type { Shop } from '../../../db/entities/shop.ts';
import { Unit } from '../../../db/entities/unit.ts';
import { post } from '../../../db/repositories/ledger.ts';
import { saveAccount } from '../../../db/repositories/provider-account.ts';
import { createShop } from '../../../db/repositories/shop.ts';
import { drawIds } from '../../../db/secrets.ts';
import { postOpening } from '../../../domain/ledger.ts';
import { startFaultStack, type FaultStack, type StackWish } from './stack.ts';

export const price = 5_000;
export const starsPrice = 2_500;

/** A shop with one product. */
export interface Stall {
  readonly botToken: string;
  readonly botUsername: string;
  readonly shop: Shop;
  readonly product: Product;
}

export interface Market {
  readonly stack: FaultStack;
  readonly stalls: readonly Stall[];
  /** Units for so many more orders in every stall. */
  addUnits(count: number): Promise<void>;
  /** A person of the sandbox with a chat open, who is a customer of the stall. */
  addCustomer(stall: Stall, cash: number): Promise<Customer>;
  close(): Promise<void>;
}

let people = 8_000_000;

/** Opens the shops, then lets the app and the workers begin. */
export async function openMarket(stack: FaultStack, stallCount = 4): Promise<Market> {
  const { db, secrets, members, workers } = stack;
  const stalls: Stall[] = [];
  for (let index = 1; index <= stallCount; index += 1) stalls.push(await openStall(stack, index));

  const market: Market = {
    stack,
    stalls,
    async addUnits(count) {
      for (const { product } of stalls) {
        const em = db.em.fork();
        for (const id of await drawIds(em, 'unit', count)) {
          const content = secrets.seal({ table: 'unit', column: 'content', id }, `SECRET-${product.id}-${id}`);
          em.persist(em.create(Unit, { id, productId: product.id, state: 'free', content }));
        }
        await em.flush();
      }
    },
    async addCustomer({ shop, botUsername }, cash) {
      people += 1;
      const telegramUserId = people;
      const em = db.em.fork();
      const customer = em.create(Customer, { shopId: shop.id, telegramUserId, chatId: telegramUserId, language: 'en' });
      em.persist(customer);
      await em.flush();
      if (cash > 0) {
        const legs = postOpening(customer.id, cash);
        const posting = {
          shopId: shop.id,
          currency: shop.currency,
          key: `opening:${customer.id}`,
          legs,
          actor: 'system',
          reason: 'opening',
        };
        await em.transactional((tx) => post(tx, { ...posting, at: new Date() }));
      }
      await stack.control('/people', { id: telegramUserId, firstName: 'Ada', stars: 10_000 });
      await stack.control('/messages', { bot: botUsername, person: telegramUserId, text: '/start' });
      return customer;
    },
    close: async () => undefined,
  };
  members.app.start();
  for (const worker of workers) worker.start();
  await stack.untilReady();
  return market;
}

/** A stack with its market, for scenarios that open their own. */
export async function startMarket(wish?: StackWish & { readonly stalls?: number }): Promise<Market> {
  const stack = await startFaultStack(wish);
  try {
    const market = await openMarket(stack, wish?.stalls);
    return { ...market, close: () => stack.close() };
  } catch (err) {
    await stack.close();
    throw err;
  }
}

async function openStall({ db, secrets }: FaultStack, index: number): Promise<Stall> {
  const em = db.em.fork();
  const botToken = `${400_000_000 + index}:${'f'.repeat(35)}`;
  const botUsername = `faults_${index}_bot`;
  const identity = { slug: `faults-${index}`, title: `Faults ${index}`, botToken, botUsername };
  const shop = await createShop(em, secrets, { ...identity, currency: 'PLN', timeZone: 'Europe/Warsaw', actor: 'system' });
  shop.digitalAcknowledgedAt = new Date();
  shop.digitalAcknowledgedBy = 'faults';
  const product = em.create(Product, {
    shopId: shop.id,
    kind: 'digital',
    stockMode: 'unique',
    title: 'Key',
    price,
    starsPrice,
    methods: ['stars', 'card', 'wallet'],
  });
  em.persist(product);
  await em.flush();
  const keys = { secretKey: `sk_test_faults${index}`, webhookSecret: `whsec_faults${index}` };
  await saveAccount(em, secrets, { shopId: shop.id, provider: 'stripe', liveMode: false, keys });
  await saveAccount(em, secrets, { shopId: shop.id, provider: 'stars', liveMode: false });
  return { botToken, botUsername, shop, product };
}
