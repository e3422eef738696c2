/** Every option and argument of `tillflow`, every nasty value: exit code 2 (1 for what fits and does not exist), the option's name, no stack. */
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createOrderActivities } from '../../activities/order.ts';
import { createProgram } from '../../cli/program.ts';
import { columnsOfRecord } from '../../domain/catalogue-file.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import { takeFingerprint } from '../support/fingerprint.ts';
import { nastyTexts } from '../support/nasty.ts';
import { makeTestShop, newCode, testKeys, type TestShop } from '../support/shop.ts';
import { tillflow } from '../support/tillflow.ts';

vi.mock('../../db/orm.ts', async (load) => (await import('../support/shared-database.ts')).shareDatabase(await load()));

let world: TestShop;
let code: string;
let customer: string;
let product: string;

beforeAll(async () => {
  world = await makeTestShop();
  const person = await world.addCustomer();
  const goods = await world.addProduct();
  const orderCode = newCode();
  const place = world.placing(person, goods, { method: 'stars' });
  await createOrderActivities({ db: world.db }).open({ orderCode, place, at: Date.now() });
  [code, customer, product] = [formatOrderCode(orderCode), String(person.telegramUserId), String(goods.id)];
  vi.stubEnv('TILLFLOW_DATABASE_URL', world.database.appUrl);
  vi.stubEnv('TILLFLOW_OWNER_DATABASE_URL', world.database.ownerUrl);
  vi.stubEnv('TILLFLOW_KEYS', testKeys);
  // Nothing here may get as far as Temporal.
  vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await world.close();
});

interface Field {
  readonly command: string;
  readonly field: string;
  /** The command line with this value in that place. */
  args(value: string): string[];
  /** Values that fit: they are not nonsense here. */
  readonly fits?: RegExp;
  /** Most fitting names are unknown: exit code 1. */
  readonly unknown?: boolean;
}

const withOption = (args: string[], name: string, value: string) => [
  ...args.filter((arg) => !arg.startsWith(`--${name}=`)),
  `--${name}=${value}`,
];
/** Look-alikes are forgiven: these are the codes 1NF1-N1TY and T0ST-R1NG. */
const codeLike = /^(Infinity|toString)$/;
const placing = () => ['order', 'place', `--shop=${world.shop.slug}`, `--customer=${customer}`, `--product=${product}`];
const linking = () => ['deposit', 'link', `--shop=${world.shop.slug}`, `--customer=${customer}`, '--amount=50'];
const adding = () => ['shop', 'add', '--slug=nasty', '--title=Nasty', '--currency=EUR'];
const ruling = () => ['method', 'set', `--shop=${world.shop.slug}`, '--method=card'];
const approving = () => ['deposit', 'approve', 'ZZZZ-ZZZZ', '--reference=47110815', '--sender=Jan'];
/** Of a shop there is not: what fits changes nothing. */
const transferring = () => [
  'shop',
  'transfers',
  '--shop=nowhere',
  '--name=Ada',
  '--phone=+48500000001',
  '--account=PL61109010140000071219812874',
];
const setting = () => ['setting', 'set', `--shop=${world.shop.slug}`, 'goldDiscount', '80'];
const staffing = () => ['staff', 'add', `--shop=${world.shop.slug}`];
const chaining = (...more: string[]) => ['chain', ...more, `--shop=${world.shop.slug}`, '--coin=btc'];
const option = (command: string, base: () => string[], field: string, more: Partial<Field> = {}): Field => ({
  command,
  field,
  args: (value) => withOption(base(), field, value),
  ...more,
});

/** Of a shop there is not: what fits changes nothing. */
const coding = () => ['code', 'create', '--shop=nowhere', '--code=SPRING', '--percent=10'];

const batching = () => ['voucher', 'batch', '--shop=nowhere', '--name=Kiosk', '--amount=20', '--count=5', '--out=/nowhere/codes.csv'];

const fields: readonly Field[] = [
  ...['shop', 'name', 'amount', 'count', 'days', 'out'].map((field) => option('voucher batch', batching, field, { unknown: true })),
  ...['export', 'revoke'].flatMap((verb) => [
    option(`voucher ${verb}`, () => ['voucher', verb, '--batch=1'], 'shop', { unknown: true }),
    option(`voucher ${verb}`, () => ['voucher', verb, '--shop=nowhere'], 'batch', { unknown: true }),
  ]),
  option('voucher stats', () => ['voucher', 'stats'], 'shop', { unknown: true }),
  ...(['create', 'list', 'show', 'stop', 'stats'] as const).map((verb) =>
    option(
      `code ${verb}`,
      () => ['code', verb, ...(verb === 'list' ? [] : ['--code=SPRING', ...(verb === 'create' ? ['--percent=10'] : [])])],
      'shop',
      {
        unknown: true,
      },
    ),
  ),
  ...['create', 'show', 'stop', 'stats'].map((verb) =>
    option(`code ${verb}`, () => ['code', verb, '--shop=nowhere', ...(verb === 'create' ? ['--percent=10'] : [])], 'code', {
      unknown: true,
    }),
  ),
  option('code list', () => ['code', 'list', '--shop=nowhere'], 'limit', { unknown: true }),
  ...[
    'description',
    'percent',
    'amount',
    'uses',
    'per-customer',
    'customers',
    'first-order',
    'product',
    'category',
    'minimum',
    'from',
    'until',
  ].map((field) => option('code create', coding, field, { unknown: true })),
  option('check', () => ['check'], 'grace', { fits: /^0$/ }),
  ...[
    'logs',
    'order show',
    'order cancel',
    'order resend',
    'order refund',
    'deposit show',
    'deposit cancel',
    'deposit reject',
    'deposit refund',
  ].map((command) => ({
    command,
    field: 'code',
    args: (value: string) => [...command.split(' '), '--', value],
    fits: codeLike,
  })),
  option('order refund', () => ['order', 'refund', code], 'amount', { fits: /^\d+([.,]\d+)?$/ }),
  option('order refund', () => ['order', 'refund', 'ZZZZ-ZZZZ'], 'reason', { unknown: true }),
  ...['payout show', 'payout approve', 'payout sent --transaction=abcd', 'payout succeeded', 'payout failed --reason=refused'].map(
    (command) => ({
      command: command.split(' --')[0] as string,
      field: 'code',
      args: (value: string) => [...command.split(' '), '--', value],
    }),
  ),
  option('payout failed', () => ['payout', 'failed', 'K7Q4-MX2P-r1'], 'reason'),
  option('payout list', () => ['payout', 'list'], 'shop', { fits: /^[a-z0-9-]{1,40}$/ }),
  option('payout list', () => ['payout', 'list'], 'open'),
  option('payout list', () => ['payout', 'list'], 'limit', { fits: /^([1-9]\d{0,2}|1000)$/ }),
  option('payout sent', () => ['payout', 'sent', 'K7Q4-MX2P-r1'], 'transaction', { fits: /^\s*[\w+/=.:-]{4,128}\s*$/, unknown: true }),
  option('deposit refund', () => ['deposit', 'refund', 'ZZZZ-ZZZZ'], 'reason', { unknown: true }),
  option('order place', placing, 'shop', { unknown: true }),
  option('order place', placing, 'customer', { fits: /^[1-9]\d{0,14}$/ }),
  option('order place', placing, 'product', { unknown: true }),
  option('order place', placing, 'quantity', { fits: /^[1-9]\d{0,2}$/ }),
  option('order place', placing, 'method'),
  option('order place', () => [...placing(), '--method=crypto'], 'coin'),
  option('order place', placing, 'code', { fits: codeLike }),
  option('order place', placing, 'promo', { unknown: true }),
  option('order place', placing, 'amount'),
  option('shop add', adding, 'slug', { fits: /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/ }),
  option('shop add', adding, 'title', { fits: /^(?=.*\S)[^\p{Cc}\p{Cs}]{1,100}$/u }),
  option('shop add', adding, 'currency'),
  option('shop add', adding, 'time-zone'),
  option('shop add', adding, 'language'),
  // `-` would read the secret from standard input.
  option('shop add', adding, 'token', { fits: /^-$/ }),
  option('shop add', adding, 'username', { fits: /^\w{5,32}$/ }),
  option('shop add', () => [...adding(), '--stripe-webhook-secret=whsec_x'], 'stripe-secret-key', { fits: /^-$/ }),
  option('shop add', () => [...adding(), '--stripe-secret-key=sk_test_x'], 'stripe-webhook-secret', { fits: /^-$/ }),
  option('shop add', () => [...adding(), '--nowpayments-ipn-secret=ipn_secret_x'], 'nowpayments-api-key', {
    fits: /^(-|[A-Z0-9-]{12,64})$/,
  }),
  option('shop add', () => [...adding(), '--nowpayments-api-key=KEY-0000-0000'], 'nowpayments-ipn-secret', {
    fits: /^(-|[\x21-\x7e]{16,200})$/,
  }),
  option('chain add-key', () => chaining('add-key', '--key=xpub'), 'shop', { unknown: true }),
  option('chain add-key', () => chaining('add-key', '--key=xpub'), 'coin'),
  // `-` would read the key from standard input.
  option('chain add-key', () => chaining('add-key', '--type=segwit'), 'key', { fits: /^-$/ }),
  option('chain add-key', () => chaining('add-key', '--key=xpub'), 'type'),
  option('chain confirm', () => chaining('confirm', '--address=bc1'), 'shop', { unknown: true }),
  option('chain confirm', () => chaining('confirm', '--address=bc1'), 'coin'),
  option('chain confirm', () => chaining('confirm'), 'address', { unknown: true }),
  option('chain list', () => ['chain', 'list'], 'shop', { unknown: true }),
  option('staff add', () => [...staffing(), '--user=77'], 'shop', { unknown: true }),
  option('staff add', staffing, 'user', { fits: /^[1-9]\d{0,14}$/ }),
  option('staff add', () => [...staffing(), '--user=77'], 'role'),
  option('staff add', staffing, 'chat', { fits: /^-?\d{1,15}$/ }),
  option('deposit link', linking, 'shop', { unknown: true }),
  option('deposit link', linking, 'customer', { fits: /^[1-9]\d{0,14}$/ }),
  option('deposit link', linking, 'amount', { fits: /^\d{1,5}([.,]\d+)?$/ }),
  option('method list', () => ['method', 'list'], 'shop', { unknown: true }),
  option('method set', ruling, 'shop', { unknown: true }),
  option('method set', ruling, 'method', { fits: /^card$/ }),
  option('method set', ruling, 'minimum', { fits: /^(none|0*[1-9]\d{0,6}([.,]\d{1,2})?)$/ }),
  option('method set', ruling, 'maximum', { fits: /^(none|0*[1-9]\d{0,6}([.,]\d{1,2})?)$/ }),
  option('method set', ruling, 'account-days', { fits: /^(0|[1-9]\d?|[12]\d\d|3[0-5]\d|36[0-5])$/ }),
  option('method set', ruling, 'delivered-orders', { fits: /^(0|[1-9]\d?|100)$/ }),
  option('method set', ruling, 'staff-only'),
  option('method set', ruling, 'hidden'),
  option('method set', ruling, 'deposits'),
  option('claim list', () => ['claim', 'list'], 'shop', { unknown: true }),
  option('claim list', () => ['claim', 'list'], 'limit', { fits: /^([1-9]\d{0,2}|1000)$/ }),
  option('claim list', () => ['claim', 'list'], 'all'),
  ...['show', 'replace', 'refund', 'refuse'].map((verb) => ({
    command: `claim ${verb}`,
    field: 'code',
    args: (value: string) => ['claim', verb, ...(verb === 'refuse' ? ['--reason=works'] : []), '--', value],
  })),
  option('claim refuse', () => ['claim', 'refuse', 'K7Q4-MX2P-c1'], 'reason'),
  option('stock list', () => ['stock', 'list'], 'shop', { unknown: true }),
  option('stock alarm', () => ['stock', 'alarm', product, '3'], 'shop', { unknown: true }),
  {
    command: 'stock alarm',
    field: 'product',
    args: (value) => ['stock', 'alarm', `--shop=${world.shop.slug}`, '--', value, '3'],
    fits: /^[1-9]\d{0,15}$/,
  },
  {
    command: 'stock alarm',
    field: 'count',
    args: (value) => ['stock', 'alarm', `--shop=${world.shop.slug}`, '--', product, value],
    fits: /^(0|[1-9]\d{0,2}|1000)$/,
  },
  option('setting list', () => ['setting', 'list'], 'shop', { unknown: true }),
  option('setting get', () => ['setting', 'get', 'holdSeconds'], 'shop', { unknown: true }),
  option('setting set', () => ['setting', 'set', 'holdSeconds', '900'], 'shop', { unknown: true }),
  option('setting set', setting, 'sure'),
  option('setting reset', () => ['setting', 'reset', 'holdSeconds'], 'shop', { unknown: true }),
  option('text list', () => ['text', 'list'], 'shop', { unknown: true }),
  option('text list', () => ['text', 'list', `--shop=${world.shop.slug}`], 'language', { fits: /^(en|ru|pl)$/ }),
  option('text list', () => ['text', 'list', `--shop=${world.shop.slug}`], 'all'),
  { command: 'text list', field: 'part', args: (value) => ['text', 'list', `--shop=${world.shop.slug}`, '--', value], fits: /^/ },
  ...['show', 'set', 'reset'].flatMap((verb) => {
    const words = verb === 'set' ? ['Thanks'] : [];
    const base = ['text', verb, 'order-thanks', ...words, '--language=en'];
    return [
      option(`text ${verb}`, () => base, 'shop', { unknown: true }),
      option(`text ${verb}`, () => ['text', verb, 'order-thanks', ...words, '--shop=nowhere'], 'language', { unknown: true }),
      {
        command: `text ${verb}`,
        field: 'id',
        args: (value: string) => ['text', verb, `--shop=${world.shop.slug}`, '--language=en', '--', value, ...words],
      },
    ];
  }),
  {
    command: 'text set',
    field: 'text',
    // To a shop there is not: what fits changes nothing.
    args: (value) => ['text', 'set', '--shop=nowhere', '--language=en', '--', 'order-thanks', value],
    unknown: true,
  },
  ...['get', 'set', 'reset'].map((verb) => ({
    command: `setting ${verb}`,
    field: 'name',
    args: (value: string) => ['setting', verb, `--shop=${world.shop.slug}`, '--', value, ...(verb === 'set' ? ['1'] : [])],
  })),
  {
    command: 'setting set',
    field: 'value',
    args: (value) => ['setting', 'set', `--shop=${world.shop.slug}`, '--', 'secondApprovalAbove', value],
    // To a shop there is.
    fits: /^\d{1,6}([.,]\d{1,2})?$/,
  },
  {
    command: 'deposit approve',
    field: 'code',
    args: (value) => [...approving().filter((arg) => arg !== 'ZZZZ-ZZZZ'), '--', value],
    fits: codeLike,
  },
  option('deposit approve', approving, 'amount', { unknown: true, fits: /^\d+([.,]\d+)?$/ }),
  option('deposit approve', approving, 'reference', { unknown: true }),
  option('deposit approve', approving, 'sender', { unknown: true }),
  option('deposit approve', approving, 'second'),
  option('deposit approve', approving, 'more'),
  option('deposit reject', () => ['deposit', 'reject', 'ZZZZ-ZZZZ'], 'reason'),
  option('deposit refund', () => ['deposit', 'refund', 'ZZZZ-ZZZZ'], 'amount', { unknown: true }),
  option('deposit list', () => ['deposit', 'list'], 'shop', { fits: /^[a-z0-9-]{1,40}$/ }),
  option('deposit list', () => ['deposit', 'list'], 'status'),
  option('deposit list', () => ['deposit', 'list'], 'limit', { fits: /^([1-9]\d{0,2}|1000)$/ }),
  ...['shop', 'name', 'account', 'bank', 'phone', 'off'].map((field) => option('shop transfers', transferring, field, { unknown: true })),
  option('rates', () => ['rates'], 'refresh'),
  ...['list', 'show', 'add', 'update', 'retire', 'discount'].flatMap((verb) => {
    // Of no shop: what fits changes nothing.
    const shop = '--shop=nowhere';
    const before = verb === 'discount' ? ['5'] : [];
    const base = () => ['product', verb, shop, ...before, ...(verb === 'list' ? [] : ['none'])];
    const columns = Object.keys(columnsOfRecord.product).filter((name) => !['sku', 'content', 'content_kind'].includes(name));
    return [
      option(`product ${verb}`, base, 'shop', { unknown: true }),
      ...(verb === 'list'
        ? []
        : [
            {
              command: `product ${verb}`,
              field: 'sku',
              args: (value: string) => ['product', verb, shop, ...before, '--', value],
              unknown: true,
            },
          ]),
      ...(verb === 'add' || verb === 'update'
        ? [
            ...columns.map((name) => option(`product ${verb}`, base, name.replaceAll('_', '-'), { unknown: true })),
            option(`product ${verb}`, base, 'sure'),
          ]
        : []),
      ...(verb === 'discount'
        ? [
            option('product discount', base, 'sure'),
            {
              command: 'product discount',
              field: 'percent',
              args: (value: string) => ['product', verb, shop, '--', value, 'none'],
              unknown: true,
            },
          ]
        : []),
    ];
  }),
  ...['add', 'withdraw', 'import', 'import-files'].flatMap((verb) => {
    const more = verb === 'import' ? ['/nowhere/units.txt'] : verb === 'import-files' ? ['package.json'] : ['--count=1'];
    const base = () => ['unit', verb, '--shop=nowhere', '--product=none', ...more];
    return [
      option(`unit ${verb}`, base, 'shop', { unknown: true }),
      option(`unit ${verb}`, base, 'product', { unknown: true }),
      ...(verb === 'import'
        ? [option('unit import', base, 'kind'), option('unit import', base, 'dry-run')]
        : verb === 'import-files'
          ? [option('unit import-files', base, 'dry-run')]
          : [option(`unit ${verb}`, base, 'count', { fits: /^[1-9]\d{0,4}$/ })]),
    ];
  }),
  {
    command: 'unit import',
    field: 'file',
    args: (value) => ['unit', 'import', `--shop=${world.shop.slug}`, '--product=none', '--', value],
  },
  ...['list', 'create', 'show', 'update', 'remove', 'send', 'stats'].flatMap((verb) => {
    const isNumbered = verb !== 'list' && verb !== 'create';
    const must = [
      ...(isNumbered ? ['--stage=1'] : []),
      ...(verb === 'create' ? ['--product=none'] : []),
      ...(verb === 'send' ? ['--chat=staff'] : []),
    ];
    // Of no shop: what fits changes nothing.
    const base = () => ['stage', verb, '--shop=nowhere', ...must, ...(verb === 'update' ? ['--label=Key'] : [])];
    const own: Readonly<Record<string, readonly string[]>> = {
      list: ['all', 'limit'],
      create: ['product', 'title', 'description', 'label', 'photo', 'start-parameter'],
      update: ['title', 'description', 'label', 'photo'],
      send: ['chat', 'key'],
    };
    const names = ['shop', ...(isNumbered ? ['stage'] : []), ...(own[verb] ?? [])];
    return names.map((name) => option(`stage ${verb}`, base, name, { unknown: true }));
  }),
  {
    command: 'unit import-files',
    field: 'files',
    args: (value) => ['unit', 'import-files', `--shop=${world.shop.slug}`, '--product=none', '--', value],
  },
  ...['shop', 'name', 'scopes', 'days'].map((field) =>
    option('token create', () => ['token', 'create', '--shop=nowhere', '--name=Test', '--scopes=stages:read'], field, { unknown: true }),
  ),
  option('token list', () => ['token', 'list'], 'shop', { unknown: true }),
  ...['shop', 'token'].map((field) =>
    option('token revoke', () => ['token', 'revoke', '--shop=nowhere', '--token=1'], field, { unknown: true }),
  ),
  ...['import', 'export'].flatMap((verb) => {
    // A file of a name that no nonsense is.
    const base = () => ['catalogue', verb, '/nowhere/catalogue.csv', '--shop=nowhere'];
    return [
      {
        command: `catalogue ${verb}`,
        field: 'file',
        args: (value: string) => ['catalogue', verb, `--shop=${world.shop.slug}`, '--', value],
      },
      option(`catalogue ${verb}`, base, 'shop', { unknown: true }),
      option(`catalogue ${verb}`, base, 'format'),
      ...(verb === 'import' ? ['dry-run', 'retire-missing', 'sure'] : ['only', 'contents']).map((field) =>
        option(`catalogue ${verb}`, base, field),
      ),
    ];
  }),
  option('catalogue export', () => ['catalogue', 'export', '/nowhere/catalogue.csv', '--shop=nowhere'], 'photos', { unknown: true }),
  ...['show', 'write-off', 'add', 'take'].flatMap((name) => {
    const more = name === 'show' ? [] : ['--reason=why', ...(name === 'write-off' ? [] : ['--amount=1.00'])];
    const base = () => ['wallet', name, `--shop=${world.shop.slug}`, '--customer=999', ...more];
    const fields =
      name === 'show'
        ? []
        : [option(`wallet ${name}`, base, 'reason', { unknown: true }), option(`wallet ${name}`, base, 'amount', { unknown: true })];
    return [
      option(`wallet ${name}`, base, 'shop', { unknown: true }),
      option(`wallet ${name}`, base, 'customer', { fits: /^[1-9]\d{0,14}$/, unknown: true }),
      ...fields,
    ];
  }),
  option('reconcile', () => ['reconcile'], 'dry-run'),
  option('reconcile', () => ['reconcile'], 'days', { fits: /^([1-9]\d{0,2})$/ }),
  option('alerts', () => ['alerts'], 'shop', { unknown: true }),
  option('alerts', () => ['alerts'], 'limit', { fits: /^([1-9]\d{0,2}|1000)$/ }),
  { command: 'start', field: 'process', args: (value) => ['start', '--', value] },
];

/** Every command that takes something, with the names of what it takes. */
function takes(command: Command, path: string[] = []): string[] {
  const own = [
    ...command.options.map(({ long }) => (long ?? '').slice(2)),
    ...command.registeredArguments.map((argument) => argument.name()),
  ];
  const told = own.filter((name) => !(path.length === 0 && ['json', 'version'].includes(name))).map((name) => `${path.join(' ')} ${name}`);
  return [...told, ...command.commands.flatMap((one) => takes(one, [...path, one.name()]))];
}

describe('the command line', () => {
  test('has no option and no argument that is not tried', () => {
    expect(fields.map(({ command, field }) => `${command} ${field}`).sort()).toEqual(takes(createProgram()).sort());
  });

  test.each(fields)('$command refuses a $field that does not fit', async ({ field, args, fits, unknown }) => {
    const before = await takeFingerprint(world.db.em.fork());
    for (const { name, value } of nastyTexts) {
      if (fits?.test(value)) continue;
      const run = await tillflow(...args(value));
      expect([name, run.code], run.err.slice(0, 300)).toEqual([name, unknown ? expect.toBeOneOf([1, 2]) : 2]);
      expect(run.err, name).not.toMatch(/\n {4}at /);
      if (run.code === 2) expect(run.err.replace('timeZone', 'time-zone'), name).toContain(field);
      expect([name, run.out]).toEqual([name, '']);
    }
    expect(await takeFingerprint(world.db.em.fork())).toEqual(before);
  });

  test('knows no command of nonsense', async () => {
    for (const { name, value } of nastyTexts) {
      for (const args of [[value], ['order', value], ['check', value]]) {
        const run = await tillflow(...args);
        if (value === '--json' && args[0] === 'check') continue;
        expect([name, args[0]?.slice(0, 20), run.code]).toEqual([name, args[0]?.slice(0, 20), 2]);
        expect(run.err, name).not.toMatch(/\n {4}at /);
      }
    }
  });

  test('a title that fits is kept as it was written', async () => {
    const titles = nastyTexts.filter(({ value }) => /^(?=.*\S)[^\p{Cc}\p{Cs}]{1,100}$/u.test(value));
    expect(titles.length).toBeGreaterThan(20);
    for (const [index, { value }] of titles.entries()) {
      const run = await tillflow(...withOption(withOption(adding(), 'slug', `nasty-${index}`), 'title', value), '--json');
      expect([run.code, run.err]).toEqual([0, '']);
    }
    const rows: { title: string }[] = await world.db.em.fork().execute(`select title from shop where slug like 'nasty-%' order by id`);
    expect(rows.map(({ title }) => title)).toEqual(titles.map(({ value }) => value));
  });
});
