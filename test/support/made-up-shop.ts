/** A shop that is made up, for the Mini App's page: long titles, big numbers, everything there is to show. */
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { drawPicture } from '../../db/seed/picture.ts';
import { demoProducts } from '../../db/seed/catalogue.ts';

const currency = 'PLN';
const long = 'Высококачественный многофункциональный электрический водонагреватель с терморегулятором';

const pictures = demoProducts.flatMap(({ picture }) => picture ?? []).map((picture) => drawPicture(picture));

const plain = {
  options: [],
  variants: [],
  amounts: null,
  lessons: [],
  link: 'https://t.me/demo_tillflow_bot?start=p_1',
  watching: false,
};

const products = [
  ...demoProducts.map(({ title, price, discountPercent = 0, kind, picture, stock, customerLimit, description }, index) => ({
    id: index + 1,
    kind,
    title,
    description,
    photoId: picture ? (index % pictures.length) + 1 : null,
    basePrice: price,
    discountPercent,
    price: Math.round((price * (100 - discountPercent)) / 100),
    baseStarsPrice: null,
    starsPrice: null,
    currency,
    stock: stock.mode === 'unlimited' ? null : stock.mode === 'counter' ? stock.count : stock.contents.length,
    customerLimit: customerLimit ?? null,
    methods: ['card', 'wallet'],
    categoryId: 1,
    place:
      kind === 'pickup'
        ? { city: 'Warsaw', district: 'Center', name: 'Corner shop at Chmielna', address: 'ul. Chmielna 12', hours: 'Mon-Sat 9:00-20:00' }
        : null,
    ...plain,
  })),
  {
    id: 90,
    kind: 'digital',
    title: long,
    description: 'x',
    photoId: 1,
    basePrice: 123_456_789_00,
    discountPercent: 15,
    price: 104_938_270_65,
    baseStarsPrice: null,
    starsPrice: null,
    currency,
    stock: 0,
    customerLimit: null,
    methods: ['card'],
    categoryId: 1,
    place: null,
    ...plain,
  },
];

export interface MadeUpShop {
  readonly api: Hono;
  language: string;
  /** Its own wording, in every language. */
  wording: Record<string, string>;
  /** Calls about money: their keys, in order. */
  readonly paid: { readonly path: string; readonly key: string; readonly body: Record<string, unknown> }[];
  /** What is answered to the next calls about money, before they succeed. */
  failures: (number | 'cut')[];
  /** Statuses told by the stream, by payment. */
  status: Record<string, unknown>;
}

export function makeUpShop(): MadeUpShop {
  const basket = new Map<number, number>();
  const quoteOf = (lines: { productId: number; quantity: number }[]) => {
    const shown = lines.flatMap(({ productId, quantity }) => {
      const product = products.find(({ id }) => id === productId);
      return product ? [{ ...product, quantity, total: product.price * quantity }] : [];
    });
    const total = shown.reduce((sum, line) => sum + line.total, 0);
    return { lines: shown, gone: [], total, starsTotal: null, tax: Math.round((total * 23) / 123), currency };
  };
  const basketLines = () => [...basket].map(([productId, quantity]) => ({ productId, quantity }));
  const basketAnswer = () => ({ ...quoteOf(basketLines()), groups: [[...basket.keys()]] });
  const until = () => new Date(Date.now() + 15 * 60_000).toISOString();
  const api = new Hono();
  const shop: MadeUpShop = { api, language: 'en', wording: {}, paid: [], failures: [], status: {} };

  api.use(async (c, next) => {
    if (!c.req.path.includes('/photos/') && !c.req.header('x-telegram-init-data')) return c.json({ reason: 'InitDataRefused' }, 401);
    await next();
  });
  api.get('/shop', (c) =>
    c.json({
      title: 'Demo shop',
      currency,
      open: true,
      bot: 'demo_tillflow_bot',
      language: shop.language,
      wording: shop.wording,
      methods: ['card', 'wallet'],
      cities: [
        { city: 'Warsaw', products: 4 },
        { city: 'Kraków', products: 2 },
      ],
      categories: [
        { id: 1, name: 'Keys and licences', products: 3 },
        { id: 2, name: 'Downloads', products: 3 },
      ],
      kinds: ['digital', 'pickup'],
      basketCount: [...basket.values()].reduce((sum, one) => sum + one, 0),
    }),
  );
  api.get('/districts', (c) =>
    c.json({
      districts: [
        { district: 'Center', products: 2 },
        { district: 'Praga', products: 2 },
      ],
    }),
  );
  api.get('/products', (c) => {
    const words = c.req.query('q')?.toLowerCase() ?? '';
    return c.json({ products: products.filter(({ title }) => title.toLowerCase().includes(words)), next: null, corrected: null });
  });
  api.get('/products/:id', (c) => {
    const found = products.find(({ id }) => id === Number(c.req.param('id')));
    return found
      ? c.json({ ...found, photoIds: found.photoId === null ? [] : [found.photoId, 1] })
      : c.json({ detail: 'id: unknown' }, 404);
  });
  api.get('/photos/:id', (c) => {
    const bytes = pictures[Number(c.req.param('id')) - 1];
    return bytes ? c.body(new Uint8Array(bytes), 200, { 'content-type': 'image/png' }) : c.notFound();
  });
  api.get('/basket', (c) => c.json(basketAnswer()));
  api.put('/basket/lines/:id', async (c) => {
    const { quantity } = await c.req.json<{ quantity: number }>();
    if (quantity === 0) basket.delete(Number(c.req.param('id')));
    else basket.set(Number(c.req.param('id')), quantity);
    return c.json(basketAnswer());
  });
  api.get('/quote', (c) => {
    const asked =
      c.req
        .query('lines')
        ?.split(',')
        .map((one) => one.split('x').map(Number)) ?? undefined;
    const quote = quoteOf(asked ? asked.map(([productId = 0, quantity = 1]) => ({ productId, quantity })) : basketLines());
    const offered = { amount: quote.total, currency, minimum: 0, maximum: 1e12, offered: true, coins: false };
    return c.json({
      ...quote,
      methods: [
        { ...offered, method: 'card' },
        { ...offered, method: 'crypto', coins: true },
        { ...offered, method: 'wallet', offered: false },
      ],
      balance: 8_500,
      topUp: 5_000,
      holdSeconds: 900,
      open: true,
    });
  });
  api.post('/payment/nonce', (c) => c.json({ nonce: 'n'.repeat(43), expires_at: until() }));
  for (const path of ['create', 'refill']) {
    api.post(`/payment/${path}`, async (c) => {
      const failure = shop.failures.shift();
      shop.paid.push({ path, key: c.req.header('idempotency-key') ?? '', body: await c.req.json() });
      if (failure === 'cut') return c.json({}, 502);
      if (failure !== undefined) return c.json({ reason: 'SoldOut' }, failure as 409);
      const noun =
        path === 'create'
          ? { order: { code: 'K7Q4-MX2P', status: 'awaitingPayment' } }
          : { deposit: { code: 'K7Q4-MX2P', status: 'waiting' } };
      shop.status = {
        payment_id: 'K7Q4MX2P-1',
        status: 'pending',
        final: false,
        method: 'crypto',
        amount: 8_000,
        currency,
        expires_at: until(),
        pay_address: 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq',
        pay_amount: '0.00051234',
        pay_currency: 'BTC',
        qr: `data:image/svg+xml;utf8,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h3v3H0zM6 0h3v3H6zM0 6h3v3H0zM4 4h1v1H4z"/></svg>')}`,
        ...noun,
      };
      return c.json({ payment_id: 'K7Q4MX2P-1', method: 'crypto', expires_at: until() });
    });
  }
  api.get('/payment/status/:id/events', (c) =>
    streamSSE(c, async (stream) => {
      let told = '';
      while (!stream.aborted) {
        const now = JSON.stringify(shop.status);
        if (now !== told) await stream.writeSSE({ event: 'status', id: String(now.length), data: now });
        told = now;
        if ((shop.status as { final?: boolean }).final) return;
        await stream.sleep(50);
      }
    }),
  );
  const at = '2026-11-26T17:15:00.000Z';
  const row = { method: 'card', starsTotal: null, currency, placedAt: at, payUntil: null };
  const lineOf = (title: string, quantity: number) => ({ productId: 1, title, quantity });
  const orders = [
    { ...row, code: 'K7Q4MX2P', status: 'delivered', total: 8_000, lines: [lineOf(long, 3)] },
    { ...row, code: 'M2P4K7QX', status: 'awaitingPayment', total: 104_938_270_65, lines: [lineOf('Handmade mug', 1)] },
    { ...row, code: 'X2P4K7QM', status: 'expired', total: 4_500, lines: [lineOf('Handmade mug', 1)] },
  ];
  const offers = { amount: 8_000, currency, minimum: 0, maximum: 1e12, offered: true };
  const methods = [
    { ...offers, method: 'card', coins: false },
    { ...offers, method: 'crypto', coins: true },
  ];
  const place = { city: 'Warsaw', district: 'Center', name: 'Corner shop at Chmielna', address: 'ul. Chmielna 12', hours: 'Mon-Sat 9-20' };
  api.get('/orders', (c) => c.json({ orders, next: null }));
  api.get('/orders/:code', (c) => {
    const order = orders.find(({ code }) => code === c.req.param('code').replace('-', '')) ?? orders[0];
    const isOpen = order?.status === 'awaitingPayment';
    const line = {
      productId: 1,
      basePrice: 2_000,
      discountPercent: 0,
      price: 2_000,
      starsPrice: null,
      delivery: 'sent',
      goods: [],
      canShow: false,
    };
    const lines = [
      { ...line, id: 1, kind: 'digital', title: long, quantity: 3, total: 6_000, canShow: true, handoverCode: null, place: null },
      {
        ...line,
        id: 2,
        kind: 'pickup',
        title: 'Espresso beans, 1 kg',
        quantity: 1,
        total: 2_000,
        handoverCode: 'A7K2',
        place: { ...place, instructions: 'Ring the bell.' },
      },
    ];
    const ways = {
      paymentId: isOpen ? 'K7Q4MX2P-1' : null,
      payment: null,
      attempt: 2,
      methods: isOpen ? methods : [],
      canCancel: isOpen,
      canResend: !isOpen,
      canClaim: !isOpen,
    };
    return c.json({ ...order, tax: 0, promo: { code: 'SPRING', saved: 500, savedStars: 0 }, lines, refunds: [], ...ways, timeline: [] });
  });
  api.post('/orders/:code/lines/:id/show', (c) => c.json({ goods: [{ kind: 'text', text: 'PUZZLE-123456-654321' }] }));
  api.get('/wallet', (c) => {
    const entry = (id: number, reason: string, amount: number, balance: number) => ({
      id,
      at,
      reason,
      by: 'shop',
      code: 'K7Q4MX2P',
      amount,
      balance,
    });
    const entries = [
      entry(3, 'walletPays', -8_000, 8_500),
      entry(2, 'commission', 123_456_789_00, 16_500),
      entry(1, 'deposit', 16_500, 16_500),
    ];
    return c.json({ currency, balance: 123_456_794_00, cash: 123_456_789_00, bonus: 500, stars: 0, debt: 0, entries, next: null });
  });
  const suggested = [2_000, 5_000, 10_000, 50_000];
  api.get('/refills', (c) => c.json({ currency, minimum: 2_000, maximum: 2_000_000, suggested, methods }));
  api.get('/coins', (c) => c.json({ currency, coins: ['BTC', 'LTC', 'USDT_TRC20'].map((coin) => ({ coin, minimum: 500, price: null })) }));
  for (const [method, watching] of [
    ['put', true],
    ['delete', false],
  ] as const) {
    api[method]('/products/:id/watch', (c) => {
      for (const one of products) if (one.id === Number(c.req.param('id'))) one.watching = watching;
      return c.json({ watching });
    });
  }
  const pieces = [1, 2].map((piece) => ({ lineId: 1, unitId: piece, title: long, piece }));
  const claim = { title: long, piece: 3, openedAt: at, canWithdraw: false };
  let claims: Record<string, unknown>[] = [{ ...claim, id: 1, status: 'refused', reason: 'works', description: 'Не открывается.' }];
  api.get('/orders/:code/claims', (c) => c.json({ pieces, claims }));
  api.post('/orders/:code/claims', async (c) => {
    const { description } = await c.req.json<{ description: string }>();
    claims = [{ ...claim, id: 2, piece: 1, status: 'open', reason: null, description, canWithdraw: true }, ...claims];
    return c.json({ pieces: pieces.slice(1), claims });
  });
  api.post('/payment/status/:id/ask', (c) => c.json(shop.status));
  const giftOf = (id: number, amount: number) => {
    const link = `https://t.me/demo_tillflow_bot?start=g_${'q7Rk2'.repeat(8)}${String(id).padStart(3, '0')}`;
    return { id, status: 'open', amount, currency, expiresAt: until(), link };
  };
  let gifts = [giftOf(1, 2_000)];
  const giftsAnswer = () => ({ currency, giftable: 8_500, suggested: [500, 1_000, 2_000, 5_000, 8_500], gifts });
  api.get('/gifts', (c) => c.json(giftsAnswer()));
  api.post('/gifts', async (c) => {
    const gift = giftOf(gifts.length + 1, (await c.req.json<{ amount: number }>()).amount);
    gifts = [gift, ...gifts];
    return c.json(gift);
  });
  api.post('/gifts/:id/back', (c) => {
    gifts = gifts.filter(({ id }) => id !== Number(c.req.param('id')));
    return c.json(giftsAnswer());
  });
  api.post('/vouchers/redeem', async (c) => {
    const { code } = await c.req.json<{ code: string }>();
    return code === 'RIGHT' ? c.json({ amount: 1_000, currency }) : c.json({ reason: 'VoucherUnknown', field: 'code' }, 409);
  });
  api.get('/referrals', (c) =>
    c.json({
      link: 'https://t.me/demo_tillflow_bot?start=ref_K7Q4MX2PA',
      percent: 3,
      friends: 22,
      earned: 123_456,
      held: 500,
      currency,
      tier: 'silver',
      discountPercent: 2,
      next: { tier: 'gold', from: 200_000, missing: 76_544 },
    }),
  );
  api.patch('/settings', async (c) => {
    shop.language = (await c.req.json<{ language: string }>()).language;
    return c.json({ language: shop.language, wording: shop.wording });
  });
  return shop;
}
