/** The demo shop of the sandbox: enough of everything to try. Made once, with the owner's role; a second run finds it and changes nothing. */
import { coins } from '../domain/chain.ts';
import { methodsOfTransfer } from '../domain/transfer.ts';
import { postOpening } from '../domain/ledger.ts';
import { Audit } from './entities/audit.ts';
import { Category } from './entities/category.ts';
import { Customer } from './entities/customer.ts';
import { Photo } from './entities/photo.ts';
import { PickupPoint } from './entities/pickup-point.ts';
import { Lesson, Product, ProductPhoto } from './entities/product.ts';
import type { Shop } from './entities/shop.ts';
import { Staff } from './entities/staff.ts';
import { Unit } from './entities/unit.ts';
import type { Content } from '../domain/content.ts';
import { variantTitle } from '../domain/product.ts';
import { sealContent } from './content.ts';
import { type EntityManager, openDatabase } from './orm.ts';
import { addChainKey, confirmChainKey } from './repositories/chain-key.ts';
import { post } from './repositories/ledger.ts';
import { writeMethodRule } from './repositories/method-rule.ts';
import { createPromoCode } from './repositories/promo-code-staff.ts';
import { saveAccount } from './repositories/provider-account.ts';
import { createShop, findShopBySlug } from './repositories/shop.ts';
import { drawIds, openSecrets, type Secrets } from './secrets.ts';
import {
  type DemoProduct,
  type DemoStock,
  demoCode,
  demoCustomers,
  demoPoints,
  demoProducts,
  demoStaff,
  demoStaffChatId,
  demoTexts,
} from './seed/catalogue.ts';
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
      await makeCode(em, shop.id);
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
  shop.texts = demoTexts;
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

async function makeCode(em: EntityManager, shopId: number): Promise<void> {
  await createPromoCode(em, {
    shopId,
    code: demoCode.code,
    description: 'Once for everybody who tries the demo shop.',
    kind: 'percent',
    value: demoCode.percent,
    useLimit: null,
    customerLimit: 1,
    firstOrderOnly: false,
    productId: null,
    categoryId: null,
    minimumTotal: 0,
    startsAt: null,
    endsAt: null,
    customerIds: [],
    actor: 'system',
    at: new Date(),
  });
}

/** Photos by their picture, so that each is drawn and stored once. */
async function makePhotos(em: EntityManager, shopId: number): Promise<Map<Picture, number>> {
  const pictures = [
    ...new Set([
      ...[...demoPoints, ...demoProducts].flatMap((one) => one.picture ?? []),
      ...demoProducts.flatMap(({ album = [], variants = [] }) => [...album, ...variants.flatMap(({ picture }) => picture ?? [])]),
    ]),
  ];
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
  const listed = demoProducts.flatMap((product) => [undefined, ...(product.variants ?? [])].map((variant) => ({ product, variant })));
  const ids = await drawIds(em, 'product', listed.length);
  const photoOf = (picture: Picture | undefined) => (picture ? (photoIds.get(picture) ?? null) : null);
  const shownIds = new Map<DemoProduct, number>();
  for (const [position, { product, variant }] of listed.entries()) {
    const id = ids[position] ?? 0;
    const shownId = shownIds.get(product);
    shownIds.set(product, shownId ?? id);
    em.persist(
      em.create(Product, {
        id,
        shopId,
        kind: product.kind,
        stockMode: variant ? 'counter' : product.stock.mode,
        title: variant ? variantTitle(product.title, variant.values) : product.title,
        description: product.description,
        categoryId: categories.find((category) => category.name === product.category)?.id ?? null,
        pickupPointId: points.find((point) => point.name === product.point)?.id ?? null,
        photoId: photoOf(variant ? variant.picture : product.picture),
        price: variant?.price ?? product.price,
        discountPercent: product.discountPercent ?? 0,
        taxRate: product.taxRate,
        starsPrice: product.starsPrice ?? null,
        customerLimit: product.customerLimit ?? null,
        methods: [...product.methods],
        ...(product.content === undefined ? {} : sealContent(secrets, { table: 'product', id }, toContent(product.content))),
        warrantyDays: product.warrantyDays ?? null,
        creditAmount: product.creditAmount ?? null,
        accessSeconds: product.accessSeconds ?? null,
        donationMinimum: product.donationMinimum ?? null,
        donationMaximum: product.donationMaximum ?? null,
        options: variant || !product.options ? null : [...product.options],
        variantOf: variant ? (shownId ?? null) : null,
        optionValues: variant ? [...variant.values] : null,
        position,
      }),
    );
    // A variant comes after what it is a variant of.
    await em.flush();
    await makeUnits(em, secrets, id, variant ? { mode: 'counter', count: variant.count } : product.stock);
    if (variant) continue;
    em.persist(
      (product.album ?? []).map((picture, index) =>
        em.create(ProductPhoto, { productId: id, position: index + 1, photoId: photoOf(picture) ?? 0 }),
      ),
    );
    em.persist((product.lessons ?? []).map((title, index) => em.create(Lesson, { productId: id, position: index + 1, title })));
  }
  await em.flush();
}

const toContent = (content: string | Content): Content => (typeof content === 'string' ? { kind: 'line', text: content } : content);

async function makeUnits(em: EntityManager, secrets: Secrets, productId: number, stock: DemoStock): Promise<void> {
  if (stock.mode === 'unlimited') return;
  const contents = stock.mode === 'unique' ? stock.contents : Array.from({ length: stock.count }, () => undefined);
  const ids = await drawIds(em, 'unit', contents.length);
  const units = contents.map((text, index) => {
    const id = ids[index] ?? 0;
    const sealed = text === undefined ? {} : sealContent(secrets, { table: 'unit', id }, { kind: 'line', text });
    return em.create(Unit, { id, productId, state: 'free' as const, orderLineId: null, ...sealed });
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
