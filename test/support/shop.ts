/** A small shop in a database of its own: products, units, customers with money. */
import { randomBytes } from 'node:crypto';
import type { MethodName } from '../../domain/payment.ts';
import type { ProductKind, ProductOption, StockMode } from '../../domain/product.ts';
import { makeOrderCode } from '../../domain/order-code.ts';
import { postOpening } from '../../domain/ledger.ts';
import { Customer } from '../../db/entities/customer.ts';
import { Product } from '../../db/entities/product.ts';
import type { Shop } from '../../db/entities/shop.ts';
import { Unit } from '../../db/entities/unit.ts';
import { type Database, openDatabase } from '../../db/orm.ts';
import { post } from '../../db/repositories/ledger.ts';
import { saveAccount } from '../../db/repositories/provider-account.ts';
import { createShop } from '../../db/repositories/shop.ts';
import { drawIds, openSecrets, type Secrets } from '../../db/secrets.ts';
import type { PlaceOrder } from '../../workflows/messages/order.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

export const testKeys = `k1:${randomBytes(32).toString('base64')}`;

export interface TestShop {
  readonly database: TestDatabase;
  /** As the product connects: the application's role. */
  readonly db: Database;
  readonly secrets: Secrets;
  readonly shop: Shop;
  addProduct(product?: Partial<ProductWish>): Promise<Product>;
  addCustomer(money?: { cash?: number; bonus?: number }): Promise<Customer>;
  /** What a tap would send for these lines at their present prices. */
  placing(customer: Customer, product: Product, more?: Partial<PlaceOrder>): PlaceOrder;
  /** The first row of a query. @throws when there is none */
  one(sql: string, values?: unknown[]): Promise<Record<string, string | number | null>>;
  close(): Promise<void>;
}

interface ProductWish {
  kind: ProductKind;
  stockMode: StockMode;
  title: string;
  price: number;
  discountPercent: number;
  taxRate: number;
  starsPrice: number | null;
  methods: MethodName[];
  units: number;
  customerLimit: number | null;
  pickupPointId: number | null;
  active: boolean;
  variantOf: number;
  optionValues: string[];
  options: ProductOption[];
  warrantyDays: number;
  creditAmount: number;
  accessSeconds: number;
  donationMinimum: number;
  donationMaximum: number;
}

let telegramUsers = 5_000_000;

/** The smallest picture there is, a PNG. */
export const aPicture = () =>
  Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

export const newCode = () => makeOrderCode(randomBytes(8));

/** `botToken` and Stripe keys are the sandbox's. */
export async function makeTestShop(options: { currency?: string; botToken?: string; poolSize?: number } = {}): Promise<TestShop> {
  const database = await createTestDatabase();
  const db = await openDatabase({ url: database.appUrl, poolSize: options.poolSize ?? 16, guarded: true });
  const secrets = openSecrets(testKeys);
  const em = db.em.fork();
  const botId = 200_000_000 + Number.parseInt(randomBytes(3).toString('hex'), 16);
  const shop = await createShop(em, secrets, {
    slug: `test-${botId}`,
    title: 'Test shop',
    currency: options.currency ?? 'PLN',
    timeZone: 'Europe/Warsaw',
    botToken: options.botToken ?? `${botId}:${'t'.repeat(35)}`,
    botUsername: `test_${botId}_bot`,
    actor: 'system',
  });
  shop.digitalAcknowledgedAt = new Date();
  shop.digitalAcknowledgedBy = 'test';
  await em.flush();
  await saveAccount(em, secrets, { shopId: shop.id, provider: 'stars', liveMode: false });
  const place = { name: 'Test Shop', account: 'PL61109010140000071219812874', bank: 'Test Bank', phone: '+48500000001' };
  await saveAccount(em, secrets, { shopId: shop.id, provider: 'manual', liveMode: false, keys: place, methods: ['blik', 'bank'] });
  const keys = { secretKey: `sk_test_${botId}`, webhookSecret: `whsec_${botId}` };
  await saveAccount(em, secrets, { shopId: shop.id, provider: 'stripe', liveMode: false, keys });

  return {
    database,
    db,
    secrets,
    shop,
    async addProduct(wish = {}) {
      const fork = db.em.fork();
      const { units = 10, ...fields } = wish;
      const product = fork.create(Product, {
        shopId: shop.id,
        kind: 'digital',
        stockMode: 'unique',
        title: 'Key',
        description: '',
        price: 5000,
        methods: ['stars', 'card', 'wallet'],
        ...fields,
      });
      fork.persist(product);
      await fork.flush();
      const ids = product.stockMode === 'unlimited' || units === 0 ? [] : await drawIds(fork, 'unit', units);
      for (const id of ids) {
        const content =
          product.stockMode === 'unique' ? secrets.seal({ table: 'unit', column: 'content', id }, `SECRET-${product.id}-${id}`) : null;
        fork.persist(fork.create(Unit, { id, productId: product.id, state: 'free', content }));
      }
      if (product.stockMode === 'unlimited' && product.kind === 'digital')
        product.content = secrets.seal({ table: 'product', column: 'content', id: product.id }, 'SECRET-for-all');
      await fork.flush();
      return product;
    },
    async addCustomer({ cash = 0, bonus = 0 } = {}) {
      const fork = db.em.fork();
      telegramUsers += 1;
      const customer = fork.create(Customer, { shopId: shop.id, telegramUserId: telegramUsers, chatId: telegramUsers, language: 'en' });
      fork.persist(customer);
      await fork.flush();
      const posting = { shopId: shop.id, currency: shop.currency, actor: 'system', at: new Date() };
      await fork.transactional(async (tx) => {
        if (cash > 0)
          await post(tx, { ...posting, key: `opening:${customer.id}`, legs: postOpening(customer.id, cash), reason: 'opening' });
        const legs = [
          {
            leg: 'bonus',
            debit: { kind: 'expense:promo' as const, owner: '' },
            credit: { kind: 'bonus' as const, owner: `customer:${customer.id}` },
            amount: bonus,
          },
        ];
        if (bonus > 0) await post(tx, { ...posting, key: `bonus:${customer.id}`, legs, reason: 'gift' });
      });
      return customer;
    },
    placing: (customer, product, more = {}) => {
      const price = Math.floor((product.price * (100 - product.discountPercent) + 50) / 100);
      const lines = more.lines ?? [{ productId: product.id, quantity: 1 }];
      const quantity = lines.reduce((sum, line) => sum + line.quantity, 0);
      return {
        shopId: shop.id,
        customerId: customer.id,
        lines,
        shownTotal: price * quantity,
        shownStars: Math.ceil(price / 2) * quantity,
        method: 'wallet',
        holdSeconds: 900,
        fromBasket: false,
        language: 'en',
        screen: { chatId: customer.chatId, messageId: 1 },
        ...more,
      };
    },
    async one(sql, values = []) {
      const [row] = await db.em.fork().execute<Record<string, string | number | null>[]>(sql, values);
      if (!row) throw new Error('The query found no row');
      return row;
    },
    async close() {
      await db.close(true);
      await database.drop();
    },
  };
}
