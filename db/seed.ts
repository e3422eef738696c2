/** The demo shop of the sandbox: enough of everything to try. Made once, with the owner's role; a second run finds it and changes nothing. */
import { coins } from '../domain/chain.ts';
import { methodsOfTransfer } from '../domain/transfer.ts';
import { postOpening } from '../domain/ledger.ts';
import { Audit } from './entities/audit.ts';
import { Category } from './entities/category.ts';
import { Customer } from './entities/customer.ts';
import { Photo } from './entities/photo.ts';
import { PickupPoint } from './entities/pickup-point.ts';
import { Product } from './entities/product.ts';
import type { Shop } from './entities/shop.ts';
import { Staff } from './entities/staff.ts';
import { Unit } from './entities/unit.ts';
import { type EntityManager, openDatabase } from './orm.ts';
import { addChainKey, confirmChainKey } from './repositories/chain-key.ts';
import { post } from './repositories/ledger.ts';
import { writeMethodRule } from './repositories/method-rule.ts';
import { saveAccount } from './repositories/provider-account.ts';
import { createShop, findShopBySlug } from './repositories/shop.ts';
import { drawIds, openSecrets, type Secrets } from './secrets.ts';
import { type DemoProduct, demoCustomers, demoPoints, demoProducts, demoStaff, demoStaffChatId } from './seed/catalogue.ts';
import { drawPicture, type Picture } from './seed/picture.ts';

/** What the sandbox knows of the demo shop. No real bot or account has these. */
export const demo = {
  slug: 'demo',
  botToken: '100000001:sandboxDemoTokenAAAAAAAAAAAAAAAAAAAAA',
  botUsername: 'demo_tillflow_bot',
  botName: 'Tillflow demo shop',
  stripeSecretKey: 'sk_test_sandboxdemo',
  stripeWebhookSecret: 'whsec_sandboxdemo',
  nowPaymentsApiKey: 'SANDBOX-DEMO-0000000-0000000',
  nowPaymentsIpnSecret: 'sandboxDemoIpnSecret',
  /** Public account keys of published examples, for test networks: nobody's money. */
  chainKeys: {
    btc: 'vpub5Y6cjg78GGuNLsaPhmYsiw4gYX3HoQiRBiSwDaBXKUafCt9bNwWQiitDk5VZ5BVxYnQdwoTyXSs2JHRPAgjAvtbBrf8ZhDYe2jWAqvZVnsc',
    ltc: 'ttub4d4VPcY3DBxKCoAjoeDr9q3FaD4dbY89X65XUhapWiaSFbEjYLwnNg2EcHgEVSEALaEVdZnprREdcWMPJxqFkvN89FcPRFBueauxVCvFpUt',
  },
} as const;

/**
 * Makes the demo shop unless it is there. Safe to repeat and to run from several processes at once.
 * @returns whether it was made now
 */
export async function seedDemo({ ownerDatabaseUrl, keys }: { ownerDatabaseUrl: string; keys: string }): Promise<boolean> {
  const secrets = openSecrets(keys);
  const orm = await openDatabase({ url: ownerDatabaseUrl, poolSize: 1, applicationName: 'tillflow-seed' });
  try {
    return await orm.em.fork().transactional(async (em) => {
      await em.execute('select pg_advisory_xact_lock(7447002)');
      if (await findShopBySlug(em, demo.slug)) return false;
      const shop = await makeShop(em, secrets);
      const photoIds = await makePhotos(em, shop.id);
      await makeCatalogue(em, secrets, shop.id, photoIds);
      await makePeople(em, secrets, shop);
      return true;
    });
  } finally {
    await orm.close(true);
  }
}

async function makeShop(em: EntityManager, secrets: Secrets): Promise<Shop> {
  const shop = await createShop(em, secrets, {
    slug: demo.slug,
    title: 'Demo shop',
    currency: 'PLN',
    timeZone: 'Europe/Warsaw',
    botToken: demo.botToken,
    botUsername: demo.botUsername,
    actor: 'system',
  });
  const now = new Date();
  shop.staffChatId = demoStaffChatId;
  shop.digitalAcknowledgedAt = now;
  shop.digitalAcknowledgedBy = `staff:${demoStaff[0].telegramUserId}`;
  shop.supportContact = '@demo_tillflow_support';
  const after = { digitalAcknowledgedBy: shop.digitalAcknowledgedBy };
  em.persist(
    em.create(Audit, {
      shopId: shop.id,
      actor: shop.digitalAcknowledgedBy,
      action: 'digital.acknowledge',
      subject: 'shop',
      subjectId: String(shop.id),
      before: null,
      after,
      at: now,
    }),
  );
  await em.flush();
  const { stripeSecretKey: secretKey, stripeWebhookSecret: webhookSecret } = demo;
  await saveAccount(em, secrets, { shopId: shop.id, provider: 'stripe', liveMode: false, keys: { secretKey, webhookSecret } });
  const { nowPaymentsApiKey: apiKey, nowPaymentsIpnSecret: ipnSecret } = demo;
  await saveAccount(em, secrets, { shopId: shop.id, provider: 'nowpayments', liveMode: false, keys: { apiKey, ipnSecret } });
  const place = { name: 'Demo Trading sp. z o.o.', account: 'PL61109010140000071219812874', bank: 'Demo Bank', phone: '+48500000001' };
  await saveAccount(em, secrets, { shopId: shop.id, provider: 'manual', liveMode: false, keys: place, methods: methodsOfTransfer(place) });
  await saveAccount(em, secrets, { shopId: shop.id, provider: 'stars', liveMode: false });
  await writeMethodRule(em, { shopId: shop.id, method: 'stars', rule: { deposits: true }, actor: 'system', at: now });
  for (const coin of coins) {
    const named = { shopId: shop.id, coin, actor: 'system', at: now };
    const { addresses } = await addChainKey(em, secrets, { ...named, network: 'regtest', scriptType: 'segwit', key: demo.chainKeys[coin] });
    await confirmChainKey(em, secrets, { ...named, lastAddress: addresses.at(-1) as string });
  }
  return shop;
}

/** Photos by their picture, so that each is drawn and stored once. */
async function makePhotos(em: EntityManager, shopId: number): Promise<Map<Picture, number>> {
  const pictures = [...demoPoints, ...demoProducts].flatMap((one) => one.picture ?? []);
  const photos = pictures.map((picture) =>
    em.create(Photo, { shopId, mediaType: 'image/png' as const, bytes: drawPicture(picture), telegramFileId: null }),
  );
  em.persist(photos);
  await em.flush();
  return new Map(pictures.map((picture, index) => [picture, photos[index]?.id ?? 0]));
}

async function makeCatalogue(em: EntityManager, secrets: Secrets, shopId: number, photoIds: Map<Picture, number>): Promise<void> {
  const categories = [...new Set(demoProducts.map((product) => product.category))].map((name, position) =>
    em.create(Category, { shopId, name, position }),
  );
  const points = demoPoints.map(({ picture, ...point }) =>
    em.create(PickupPoint, { ...point, shopId, photoId: photoIds.get(picture) ?? null }),
  );
  em.persist([...categories, ...points]);
  await em.flush();
  const ids = await drawIds(em, 'product', demoProducts.length);
  const products = demoProducts.map((product, position) => {
    const id = ids[position] ?? 0;
    return em.create(Product, {
      id,
      shopId,
      kind: product.kind,
      stockMode: product.stock.mode,
      title: product.title,
      description: product.description,
      categoryId: categories.find((category) => category.name === product.category)?.id ?? null,
      pickupPointId: points.find((point) => point.name === product.point)?.id ?? null,
      photoId: product.picture ? (photoIds.get(product.picture) ?? null) : null,
      price: product.price,
      discountPercent: product.discountPercent ?? 0,
      taxRate: product.taxRate,
      starsPrice: product.starsPrice ?? null,
      customerLimit: product.customerLimit ?? null,
      methods: [...product.methods],
      content: product.content === undefined ? null : secrets.seal({ table: 'product', column: 'content', id }, product.content),
      position,
    });
  });
  em.persist(products);
  await em.flush();
  for (const [index, product] of demoProducts.entries()) await makeUnits(em, secrets, ids[index] ?? 0, product);
}

async function makeUnits(em: EntityManager, secrets: Secrets, productId: number, { stock }: DemoProduct): Promise<void> {
  if (stock.mode === 'unlimited') return;
  const contents = stock.mode === 'unique' ? stock.contents : Array.from({ length: stock.count }, () => undefined);
  const ids = await drawIds(em, 'unit', contents.length);
  const units = contents.map((text, index) => {
    const id = ids[index] ?? 0;
    const content = text === undefined ? null : secrets.seal({ table: 'unit', column: 'content', id }, text);
    return em.create(Unit, { id, productId, state: 'free' as const, orderLineId: null, content });
  });
  em.persist(units);
  await em.flush();
}

async function makePeople(em: EntityManager, secrets: Secrets, shop: Shop): Promise<void> {
  const at = new Date();
  const ids = await drawIds(em, 'customer', demoCustomers.length);
  const customers = demoCustomers.map(({ telegramUserId, name, language }, index) => {
    const id = ids[index] ?? 0;
    const sealed = secrets.seal({ table: 'customer', column: 'name', id }, name);
    return em.create(Customer, { id, shopId: shop.id, telegramUserId, chatId: telegramUserId, language, name: sealed });
  });
  em.persist(customers);
  em.persist(demoStaff.map((one) => em.create(Staff, { shopId: shop.id, ...one })));
  await em.flush();
  for (const [index, { balance }] of demoCustomers.entries()) {
    const customerId = ids[index] ?? 0;
    await post(em, {
      shopId: shop.id,
      currency: shop.currency,
      key: `opening:${customerId}`,
      legs: postOpening(customerId, balance),
      actor: 'system',
      reason: 'opening',
      at,
    });
  }
}
