import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Customer } from '../../db/entities/customer.ts';
import type { Product } from '../../db/entities/product.ts';
import { Audit } from '../../db/entities/audit.ts';
import { Shop } from '../../db/entities/shop.ts';
import { createPromoCode } from '../../db/repositories/promo-code-staff.ts';
import { openRefillLink } from '../../db/repositories/refill-link.ts';
import { formatOrderCode, parseOrderCode } from '../../domain/order-code.ts';
import { newCode, testKeys } from '../support/shop.ts';
import { waitFor } from '../support/wait.ts';
import { startWorld, type World } from '../support/world.ts';

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

let world: World;
let customer: Customer;
let product: Product;

beforeAll(async () => {
  world = await startWorld();
  customer = await world.addPerson({ cash: 60_000 });
  product = await world.addProduct({ title: 'Key & <co>', units: 20, price: 10_000, discountPercent: 20 });
}, 120_000);
afterAll(() => world.close());

interface Run {
  code: number;
  out: string;
  err: string;
}

/** Runs `tillflow` as a person would, against the test's database and Temporal. */
function tillflow(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
  const { config } = world;
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [main, ...args],
      {
        env: {
          ...process.env,
          TILLFLOW_DATABASE_URL: world.database.appUrl,
          TILLFLOW_OWNER_DATABASE_URL: world.database.ownerUrl,
          TILLFLOW_KEYS: testKeys,
          TEMPORAL_ADDRESS: config.temporal.address,
          TEMPORAL_NAMESPACE: config.temporal.namespace,
          TILLFLOW_QUEUE_PREFIX: config.temporal.queuePrefix,
          ...env,
        },
      },
      (_err, out, err) => done({ code: child.exitCode ?? -1, out, err }),
    );
    child.stdin?.end();
  });
}

const placing = (more: Record<string, string> = {}) => {
  const options = { shop: world.shop.slug, customer: String(customer.telegramUserId), product: String(product.id), ...more };
  return ['order', 'place', ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])];
};

async function placeCode(): Promise<string> {
  const run = await tillflow([...placing(), '--json']);
  expect(run.err).toBe('');
  return formatOrderCode((JSON.parse(run.out) as { order: { code: string } }).order.code);
}

describe('order place', () => {
  test('buys with the wallet at the discounted price and prints the outcome', async () => {
    const run = await tillflow(placing({ product: 'Key & <co>', quantity: '2' }));
    expect([run.code, run.err]).toEqual([0, '']);
    expect(run.out).toMatch(/Order [0-9A-Z]{4}-[0-9A-Z]{4}: (paid|delivered), 160\.00 PLN by wallet/);
    expect(run.out).toContain('100.00 PLN -20%');
  });

  test('with a promo code costs what it leaves, of a donation what was named; a code that does not apply changes nothing', async () => {
    const at = new Date();
    const wish = {
      ...{
        shopId: world.shop.id,
        description: '',
        kind: 'percent' as const,
        value: 50,
        useLimit: 5,
        customerLimit: null,
        firstOrderOnly: false,
      },
      ...{ productId: null, categoryId: null, startsAt: null, endsAt: null, customerIds: [], actor: 'test', at },
    } as const;
    await createPromoCode(world.db.em.fork(), { ...wish, code: 'HALF', minimumTotal: 0 });
    await createPromoCode(world.db.em.fork(), { ...wish, code: 'RICH', minimumTotal: 9_000_000 });
    expect((await tillflow(placing({ promo: 'half' }))).out).toMatch(/Order \S+: (paid|delivered), 40\.00 PLN by wallet/);
    const refused = await tillflow(placing({ promo: 'RICH' }));
    expect([refused.code, refused.err]).toEqual([1, 'promo: RICH does not apply: CodeMinimum.\n']);
    const donation = await world.addProduct({
      ...{ kind: 'donation', stockMode: 'unlimited', price: 1000, donationMinimum: 500, donationMaximum: 100_000 },
      methods: ['wallet'],
    });
    const give = (amount: string) => tillflow(placing({ product: String(donation.id), amount }));
    expect((await give('12.50')).out).toMatch(/Order \S+: (paid|delivered), 12\.50 PLN by wallet/);
    expect(await give('4.99')).toMatchObject({ code: 2, err: 'amount: from 5.00 to 1000.00 PLN is needed, not "4.99".\n' });
  });

  test('the same code again is the same order', async () => {
    const code = formatOrderCode(newCode());
    const runs = [await tillflow([...placing({ code }), '--json']), await tillflow([...placing({ code }), '--json'])];
    const codes = runs.map((run) => (JSON.parse(run.out) as { order: { code: string } }).order.code);
    expect(codes).toEqual([parseOrderCode(code), parseOrderCode(code)]);
    const [row] = await world.db.em
      .fork()
      .execute('select count(*)::int as count from transfer where key like ?', [`order:${parseOrderCode(code)}:wallet%`]);
    expect(row?.count).toBe(1);
  });

  test.each([
    [{ quantity: '0' }, 2, 'quantity'],
    [{ quantity: '1.5' }, 2, 'quantity'],
    [{ quantity: '99999999999999999999' }, 2, 'quantity'],
    [{ customer: '42' }, 1, 'customer'],
    [{ shop: 'nowhere' }, 1, 'shop'],
    [{ product: 'nothing' }, 1, 'product'],
    [{ method: 'gold' }, 2, 'method'],
    [{ code: 'zzz' }, 2, 'code'],
    [{ quantity: '900' }, 1, 'SoldOut'],
  ] as const)('%j changes nothing and names what is wrong', async (wish, exitCode, word) => {
    const orders = async () => (await world.db.em.fork().execute('select count(*)::int as count from "order"'))[0]?.count;
    const before = await orders();
    const run = await tillflow(placing({ ...wish }));
    expect(run.code).toBe(exitCode);
    expect(run.err).toContain(word);
    expect(run.out).toBe('');
    expect(await orders()).toBe(before);
  });
});

describe('an order in coins', () => {
  test('says what to send where; once it came, the goods are the customer’s', async () => {
    const { id } = await world.addProduct({ price: 10_000, methods: ['crypto'], units: 2 });
    const args = placing({ product: String(id), method: 'crypto', coin: 'BTC' });
    const run = await tillflow(args);
    expect([run.code, run.err]).toEqual([0, '']);
    expect(run.out).toMatch(/awaitingPayment, 100\.00 PLN by crypto/);
    expect(run.out).toMatch(/send exactly 0\.0005 BTC \(Bitcoin\) to \w{20,}/);
    const code = parseOrderCode(/Order (\S+):/.exec(run.out)?.[1] ?? '') as string;
    const { payments } = await world.control<{ payments: { payment_id: string }[] }>(`/nowpayments/payments?orderId=${code}-1`);
    await world.control(`/nowpayments/payments/${payments[0]?.payment_id}/send`, { percent: 99.5 });
    await waitFor(async () => expect((await tillflow(['order', 'show', code])).out).toMatch(/: delivered,/), {
      timeout: 15_000,
      interval: 200,
    });
    const shown = await tillflow(['order', 'show', code]);
    expect(shown.out).toContain('short by 0.50 PLN within tolerance, which the shop bears');
    expect(shown.out).not.toContain('send exactly');
    expect((await tillflow(['logs', code])).out).toContain('within tolerance');
  });

  test.each([
    [{ method: 'crypto' }, 2, 'coin: crypto needs one of BTC'],
    [{ method: 'crypto', coin: 'DOGE' }, 2, 'coin: crypto needs one of BTC'],
    [{ method: 'card', coin: 'BTC' }, 2, 'coin: card is not paid in coins'],
    [{ method: 'crypto', coin: 'SOL' }, 1, 'MethodUnavailable'],
  ] as const)('%j is refused by name', async (wish, exitCode, words) => {
    const { id } = await world.addProduct({ price: 10_000, methods: ['crypto', 'card'] });
    const run = await tillflow(placing({ product: String(id), ...wish }));
    expect([run.code, run.out]).toEqual([exitCode, '']);
    expect(run.err).toContain(words);
  });
});

describe('an order’s life', () => {
  test('show, logs, resend and refund tell and do', async () => {
    const code = await placeCode();
    const shown = await tillflow(['order', 'show', code.toLowerCase()]);
    expect(shown.out).toContain(`Order ${code}`);
    const logs = await tillflow(['logs', code]);
    expect(logs.out).toContain('Order placed');
    expect(logs.out).toContain('Temporal: http');
    expect((await tillflow(['order', 'resend', code])).code).toBe(0);
    const refunded = await tillflow(['order', 'refund', code, '--reason', 'test', '--json']);
    expect(refunded.err).toBe('');
    expect(JSON.parse(refunded.out)).toMatchObject({ ok: true, order: { refunds: [{ amount: 8_000, status: 'succeeded' }] } });
    const again = await tillflow(['order', 'refund', code]);
    expect([again.code, again.err.trim()]).toEqual([1, 'Not refunded: NothingLeft.']);
    const cancelled = await tillflow(['order', 'cancel', code]);
    expect([cancelled.code, cancelled.out]).toEqual([1, '']);
  });

  test('an unpaid one is cancelled, and its units are back', async () => {
    const run = await tillflow([...placing({ method: 'card' }), '--json']);
    const { order } = JSON.parse(run.out) as { order: { code: string; status: string } };
    expect(order.status).toBe('awaitingPayment');
    const cancelled = await tillflow(['order', 'cancel', order.code]);
    expect([cancelled.code, cancelled.err]).toEqual([0, '']);
    expect(cancelled.out).toContain('cancelled');
    expect((await tillflow(['order', 'cancel', order.code])).code, 'twice is once').toBe(0);
  });

  test.each([['show'], ['cancel'], ['refund'], ['resend']])('%s of an unknown or impossible code', async (verb) => {
    expect((await tillflow(['order', verb, 'K7Q4-MX2P'])).code).toBe(1);
    const impossible = await tillflow(['order', verb, 'ABC']);
    expect(impossible.code).toBe(2);
    expect(impossible.err).toContain('code');
  });

  test.each(['-5', '1.234', 'x'])('a refund of %s is no amount', async (amount) => {
    const code = await placeOnce();
    const run = await tillflow(['order', 'refund', code, `--amount=${amount}`]);
    expect(run.code).toBe(2);
    expect(run.err).toContain('amount');
  });
});

let onceCode: string | undefined;
async function placeOnce(): Promise<string> {
  onceCode ??= await placeCode();
  return onceCode;
}

describe('shops and staff', () => {
  const token = `987654321:${'T'.repeat(35)}`;

  test('a shop is made with its secrets sealed, and listed', async () => {
    const run = await tillflow([
      'shop',
      'add',
      '--slug',
      'north',
      '--title',
      'North',
      '--currency',
      'EUR',
      '--token',
      token,
      '--stripe-secret-key',
      'sk_test_n',
      '--stripe-webhook-secret',
      'whsec_n',
      '--json',
    ]);
    expect(run.err).toBe('');
    expect(run.out).not.toContain(token);
    const shop = await world.db.em.fork().findOneOrFail(Shop, { slug: 'north' });
    expect(Buffer.from(shop.botToken ?? []).includes(token)).toBe(false);
    const again = await tillflow(['shop', 'add', '--slug', 'north', '--title', 'T', '--currency', 'EUR']);
    expect([again.code, again.err.startsWith('slug')]).toEqual([2, true]);
    const sameBot = await tillflow(['shop', 'add', '--slug', 'south', '--title', 'T', '--currency', 'EUR', '--token', token]);
    expect([sameBot.code, sameBot.err.startsWith('token'), sameBot.err.includes(token)]).toEqual([2, true, false]);
    const list = await tillflow(['shop', 'list']);
    expect(list.out).toMatch(/north\s+North\s+EUR\s+yes\s+987654321\s+wallet, stars, stripe/);
  });

  test.each([
    [['--slug', 'Big', '--title', 'T', '--currency', 'EUR'], 'slug'],
    [['--slug', 'a', '--title', ' ', '--currency', 'EUR'], 'title'],
    [['--slug', 'a', '--title', 'T', '--currency', 'eur'], 'currency'],
    [['--slug', 'a', '--title', 'T', '--currency', 'EUR', '--token', '12:x'], 'token'],
    [['--slug', 'a', '--title', 'T', '--currency', 'EUR', '--time-zone', 'Mars/Base'], 'timeZone'],
    [
      ['--slug', 'a', '--title', 'T', '--currency', 'EUR', '--stripe-secret-key', 'sk_live_x', '--stripe-webhook-secret', 'whsec_x'],
      'stripe-secret-key',
    ],
  ] as const)('%j is refused by name', async (options, field) => {
    const run = await tillflow(['shop', 'add', ...options]);
    expect(run.code).toBe(2);
    expect(run.err).toContain(field);
    expect(run.err).not.toContain(token);
  });

  test('a role is given and changed, and the chat set, with an audit entry each', async () => {
    await tillflow(['staff', 'add', '--shop', 'north', '--user', '77', '--role', 'owner', '--chat', '-100123']);
    await tillflow(['staff', 'add', '--shop', 'north', '--user', '77', '--role', 'support']);
    const [row] = await world.db.em.fork().execute('select role from staff where telegram_user_id = 77');
    expect(row?.role).toBe('support');
    expect((await world.db.em.fork().findOneOrFail(Shop, { slug: 'north' })).staffChatId).toBe(-100_123);
    expect(await world.db.em.fork().count(Audit, { subject: 'staff', actor: 'cli' })).toBe(3);
    expect((await tillflow(['staff', 'add', '--shop', 'north', '--user', '77', '--role', 'king'])).code).toBe(2);
  });
});

describe('for scripts', () => {
  test('check is green, and red with exit code 1 when something is wrong', async () => {
    const green = await tillflow(['check', '--json']);
    expect(JSON.parse(green.out)).toMatchObject({ ok: true, findings: [] });
    await world.db.em.fork().execute('delete from free_unit where unit_id = (select max(unit_id) from free_unit)');
    const red = await tillflow(['check']);
    expect(red.code).toBe(1);
    expect(red.out).toContain('pool-is-the-free-units');
  });

  test.each([
    [['--help'], 0],
    [['order', '--help'], 0],
    [['--version'], 0],
    [['nonsense'], 2],
    [['order', 'show'], 2],
    [['check', '--grace', 'x'], 2],
    [['start', 'nobody'], 2],
  ])('%j ends with %i', async (args, exitCode) => {
    expect((await tillflow(args)).code).toBe(exitCode);
  });

  test.each(['api', 'bot'])('`start %s` brings up the process that serves pages, as far as its port, which is taken here', async (name) => {
    const run = await tillflow(['start', name], { TILLFLOW_APP_PORT: new URL(world.apiOrigin).port });
    expect([run.code, run.out + run.err]).toEqual([1, expect.stringContaining('Cannot listen on')]);
  });

  test('an environment that does not fit is named', async () => {
    const run = await tillflow(['check'], { TILLFLOW_APP_PORT: 'x' });
    expect([run.code, run.err.includes('TILLFLOW_APP_PORT')]).toEqual([2, true]);
  });

  test('a database that is away is one sentence', async () => {
    const run = await tillflow(['check'], { TILLFLOW_DATABASE_URL: 'postgresql://a:b@127.0.0.1:9/x' });
    expect(run.code).toBe(1);
    expect(run.err.trim().split('\n')).toHaveLength(1);
  });

  test('live mode has no demo, seed or reset', async () => {
    for (const command of ['demo', 'seed', 'reset']) {
      const run = await tillflow([command], { TILLFLOW_MODE: 'live' });
      expect([command, run.code]).toEqual([command, 1]);
    }
  });
});

test('`deposit link` makes a link that opens for its customer, once', async () => {
  const args = ['deposit', 'link', '--shop', world.shop.slug, '--customer', String(customer.telegramUserId), '--amount', '49.90'];
  const told = await tillflow(args);
  expect(told, told.err).toMatchObject({ code: 0, out: expect.stringContaining('Tops up 49.90 PLN, once, until') });
  const asJson = await tillflow(['--json', ...args]);
  const { link, amount, currency } = JSON.parse(asJson.out) as { link: string; amount: number; currency: string };
  expect([amount, currency]).toEqual([4_990, 'PLN']);
  const [, payload = ''] = new RegExp(`^https://t\\.me/${world.shop.botUsername}\\?start=([\\w-]{43})$`).exec(link) ?? [];
  const opening = { shopId: world.shop.id, customerId: customer.id, payload, at: new Date() };
  expect(await openRefillLink(world.db.em.fork(), world.secrets, opening)).toEqual({ amount: 4_990 });
  expect(await openRefillLink(world.db.em.fork(), world.secrets, opening)).toBe('over');
  const strange = await tillflow([...args.slice(0, 4), '--customer', '1', '--amount', '49.90']);
  expect([strange.code, strange.err]).toEqual([1, expect.stringMatching(/^customer: 1 is no customer/)]);
  const little = await tillflow([...args.slice(0, -1), '24.99']);
  expect([little.code, little.err]).toEqual([2, expect.stringMatching(/^amount: from 25.00 PLN to 10000.00 PLN/)]);
});

test('wallet shows what a customer has, adds with a reason, and refuses what there is not', async () => {
  const whose = [`--shop=${world.shop.slug}`, `--customer=${customer.telegramUserId}`];
  const before = JSON.parse((await tillflow(['--json', 'wallet', 'show', ...whose])).out) as { cash: number };
  const added = await tillflow(['--json', 'wallet', 'add', ...whose, '--amount=12.50', '--reason=An apology']);
  expect(added.code).toBe(0);
  expect(JSON.parse(added.out)).toMatchObject({ cash: before.cash + 1_250, debt: 0 });
  expect(await tillflow(['wallet', 'write-off', ...whose, '--reason=none'])).toMatchObject({
    code: 1,
    err: 'The customer owes nothing.\n',
  });
  expect((await tillflow(['wallet', 'take', ...whose, '--amount=99999999', '--reason=all'])).code).toBe(1);
  expect((await tillflow(['wallet', 'take', ...whose, '--amount=12.50', '--reason=back'])).code).toBe(0);
}, 60_000);
