/** Secrets are planted in a shop at work, which buys, fails and is asked everything; then they are looked for wherever they must not be. */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { demo } from '../../db/seed.ts';
import { openSecrets } from '../../db/secrets.ts';
import { createTelegram } from '../../gateways/telegram.ts';
import { readableHistory, writeHistory } from '../support/history.ts';
import { startWholeShop, type WholeShop } from '../support/whole-shop.ts';

const mark = randomBytes(6).toString('hex');
const key = randomBytes(32).toString('base64');
const statusToken = `planted-status-token-${mark}`;
const planted = {
  botToken: `555000111:${`planted${mark}`.padEnd(35, 'x')}`,
  stripeSecretKey: `sk_test_planted${mark}`,
  stripeWebhookSecret: `whsec_planted${mark}`,
  firstName: `Plantedfirst${mark}`,
  lastName: `Plantedlast${mark}`,
  databasePassword: `planteddb${mark}`,
  ownerPassword: `plantedowner${mark}`,
};
const person = 900_000_001;

let shop: WholeShop;
let client: pg.Client;
/** Each secret by name. */
const secrets = new Map<string, string>();
/** Everything anybody could read, by where it stands. */
const places = new Map<string, string>();
const codes: string[] = [];

const control = async <Answer>(path: string, body?: object): Promise<Answer> => {
  const init = body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`${shop.sandboxUrl}/sandbox${path}`, init);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
};

const untilDelivered = (code: string) =>
  vi.waitFor(
    async () => expect((await client.query(`select status from "order" where code = $1`, [code])).rows[0]?.status).toBe('delivered'),
    { timeout: 30_000, interval: 200 },
  );

/** A product the demo shop has many of. */
async function place(method: string): Promise<string> {
  const args = ['--shop', demo.slug, '--customer', String(person), '--product', productTitle, '--method', method];
  const { order } = await shop.command<{ order: { code: string } }>('order', 'place', ...args);
  codes.push(order.code);
  return order.code;
}
let productTitle = '';

async function buy(): Promise<void> {
  const card = await place('card');
  const { sessions } = await control<{ sessions: { id: string }[] }>(`/stripe/sessions?paymentId=${card}-1&limit=5`);
  await control(`/stripe/sessions/${sessions[0]?.id}/pay`, {});
  await untilDelivered(card);
  const stars = await place('stars');
  const { rows } = await client.query(`select instructions from payment where id = $1`, [`${stars}-1`]);
  const bot = createTelegram({ apiRoot: `${shop.sandboxUrl}/telegram` }).bot(demo.botToken);
  const slug = (await bot.createInvoiceLink(rows[0].instructions.invoice)).split(/[/$]/).at(-1);
  await control('/stars', { person, amount: 100_000 });
  await control('/invoices/pay', { person, slug });
  await untilDelivered(stars);
}

/** The Mini App tops up, and is asked wrongly: what Telegram signed and the number of a call are as good as a password. */
async function askMiniApp(): Promise<void> {
  const { initData } = await control<{ initData: string }>('/init-data', { bot: demo.botUsername, person });
  for (const name of ['hash', 'signature']) secrets.set(`initData ${name}`, new URLSearchParams(initData).get(name) as string);
  const told: string[] = [];
  const call = async (method: string, path: string, headers: Record<string, string> = {}, body?: object) => {
    const all = { 'x-telegram-init-data': initData, 'content-type': 'application/json', ...headers };
    const init = { method, headers: all, ...(body ? { body: JSON.stringify(body) } : {}) };
    const answer = await fetch(`${shop.appUrl}/api/payment/${path}`, init);
    const text = await answer.text();
    // An answer names the path that was asked for, to whoever asked.
    if (path !== 'nonce' && !path.includes('hash')) told.push(text);
    return JSON.parse(text) as Record<string, string>;
  };
  const { nonce = '' } = await call('POST', 'nonce');
  secrets.set('nonce', nonce);
  const once = { 'x-nonce': nonce, 'idempotency-key': `key-${mark}` };
  const deposit = await call('POST', 'refill', once, { amount: 5_000, method: 'card' });
  expect(deposit.url).toMatch(/^http/);
  await call('GET', `status/${deposit.payment_id}`);
  await call('POST', 'create', { ...once, 'idempotency-key': `other-${mark}` }, { type: 'basket', method: 'card' });
  await call('POST', 'refill', once, { amount: 'much', method: 'card' });
  await call('POST', 'refill', { ...once, 'x-telegram-init-data': `${initData}&hash=00` }, { amount: 5_000, method: 'card' });
  await call('GET', `status/${encodeURIComponent(initData)}`);
  places.set('answers to the Mini App', told.join('\n'));
}

/** Every command that reads, as table and as JSON, and some that fail. */
async function askCommands(): Promise<void> {
  const [code = ''] = codes;
  const reads = [
    ['shop', 'list'],
    ['order', 'show', code],
    ['logs', code],
    ['check'],
    ['order', 'resend', code],
    ['order', 'refund', code],
  ];
  const fails = [
    ['shop', 'add', '--slug', 'again', '--title', 'T', '--currency', 'EUR', '--token', planted.botToken],
    [
      'shop',
      'add',
      '--slug',
      'Bad!',
      '--title',
      'T',
      '--currency',
      'EUR',
      '--token',
      planted.botToken,
      '--stripe-secret-key',
      planted.stripeSecretKey,
    ],
    [
      'shop',
      'add',
      '--slug',
      'b',
      '--title',
      'T',
      '--currency',
      'EUR',
      '--stripe-secret-key',
      `${planted.stripeSecretKey}!`,
      '--stripe-webhook-secret',
      planted.stripeWebhookSecret,
    ],
  ];
  const host = new URL(shop.ownerDatabaseUrl).host;
  const strangers = [
    { args: ['check'], env: { TILLFLOW_DATABASE_URL: `postgresql://nobody:${planted.databasePassword}@${host}/nowhere` } },
    { args: ['check'], env: { TILLFLOW_DATABASE_URL: `mysql://tillflow_app:${planted.databasePassword}@127.0.0.1:9/x` } },
    { args: ['migrate'], env: { TILLFLOW_OWNER_DATABASE_URL: `postgresql://nobody:${planted.ownerPassword}@${host}/nowhere` } },
    { args: ['keys', 'rotate'], env: { TILLFLOW_KEYS: key } },
  ];
  const asJson = [
    ['shop', 'list'],
    ['order', 'show', code],
    ['logs', code],
  ].map((args) => ['--json', ...args]);
  const told = await shop.tellAll([...[...reads, ...asJson, ...fails].map((args) => ({ args })), ...strangers]);
  places.set('commands', told.join('\n'));
  expect(told.every((text) => text.length > 0)).toBe(true);
}

async function askHttp(): Promise<void> {
  const [code = ''] = codes;
  const gets = [
    '/',
    '/health',
    '/ready',
    '/status',
    '/metrics',
    `/dev/timelines/${code}`,
    `/dev/timelines?telegramUserId=${person}`,
    '/dev/hold',
    '/nowhere',
  ];
  const posts = [`/webhooks/stripe/${mark}`, '/webhook', '/webhooks/stripe', `/webhooks/telegram/${mark}`];
  const answers = await Promise.all([
    ...gets.map((path) => fetch(`${shop.appUrl}${path}`)),
    ...posts.map((path) => fetch(`${shop.appUrl}${path}`, { method: 'POST', body: '{}', headers: { 'stripe-signature': 't=1,v1=00' } })),
  ]);
  const texts = await Promise.all(answers.map(async (answer) => `${JSON.stringify([...answer.headers])}\n${await answer.text()}`));
  places.set('answers and metrics', texts.join('\n'));
}

async function readHistories(): Promise<void> {
  const connection = await Connection.connect({ address: shop.temporalAddress });
  const temporal = new Client({ connection });
  const texts: string[] = [];
  for await (const { workflowId, memo, searchAttributes } of temporal.workflow.list()) {
    const handle = temporal.workflow.getHandle(workflowId);
    texts.push(
      JSON.stringify({ memo, searchAttributes, raw: (await handle.describe()).raw }),
      readableHistory(writeHistory(await handle.fetchHistory())),
    );
  }
  await connection.close();
  expect(texts.length).toBeGreaterThanOrEqual(4);
  places.set('histories', texts.join('\n'));
}

/** Every row of every table, its bytes as what they would be read as. */
async function dump(): Promise<void> {
  const tables: { name: string }[] = (
    await client.query(`select format('%I', tablename) as name from pg_tables where schemaname = 'public'`)
  ).rows;
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await client.query<{ text: string }>(`select r::text as text from ${name} r`);
    for (const { text } of rows) {
      texts.push(`${name} ${text}`);
      for (const [, hex = ''] of text.matchAll(/\\\\?x([0-9a-f]{8,})/g))
        texts.push(`${name} ${Buffer.from(hex, 'hex').toString('latin1')}`);
    }
  }
  places.set('dump', texts.join('\n'));
}

/** What the shop keeps sealed, opened: goods of every product, tokens, keys, names. */
async function collectSealed(): Promise<void> {
  const { open } = openSecrets(`k1:${key}`);
  const columns = [
    ['unit', 'content'],
    ['product', 'content'],
    ['shop', 'bot_token'],
    ['shop', 'webhook_secret'],
    ['provider_account', 'keys'],
  ] as const;
  for (const [table, column] of columns) {
    const { rows } = await client.query<{ id: string; sealed: Buffer }>(
      `select id, ${column} as sealed from ${table} where ${column} is not null`,
    );
    for (const { id, sealed } of rows) {
      const text = open({ table, column, id: Number(id) }, sealed);
      const parts = column === 'keys' ? Object.values(JSON.parse(text) as Record<string, string>) : [text];
      for (const [index, part] of parts.entries()) secrets.set(`${table}.${column} ${id} ${index}`, part);
    }
  }
}

beforeAll(async () => {
  shop = await startWholeShop({ TILLFLOW_KEYS: `k1:${key}`, TILLFLOW_STATUS_TOKEN: statusToken, TILLFLOW_LOG_LEVEL: 'trace' });
  client = new pg.Client(shop.ownerDatabaseUrl);
  await client.connect();
  const { rows } = await client.query(
    `select p.title from product p join free_unit f on f.product_id = p.id where p.methods @> '{card,stars}' group by p.title order by count(*) desc limit 1`,
  );
  productTitle = rows[0].title;
  const { botToken, stripeSecretKey, stripeWebhookSecret, firstName, lastName } = planted;
  await control('/people', { id: person, firstName, lastName, languageCode: 'en' });
  await control('/messages', { bot: demo.botUsername, person, text: '/start' });
  await vi.waitFor(
    async () => expect((await client.query('select from customer where telegram_user_id = $1', [person])).rowCount).toBe(1),
    {
      timeout: 20_000,
    },
  );
  // No such bot and no such account: whoever asks there fails.
  const keys = ['--token', botToken, '--stripe-secret-key', stripeSecretKey, '--stripe-webhook-secret', stripeWebhookSecret];
  places.set('shop add', await shop.tell(['shop', 'add', '--slug', 'planted', '--title', 'Planted', '--currency', 'PLN', ...keys]));
  // Telegram fails in the middle of it.
  await control('/faults', { target: 'telegram', kind: '500', method: 'sendMessage', times: 3 });
  await buy();
  await askCommands();
  await askHttp();
  await askMiniApp();
  await readHistories();
  await collectSealed();
  await dump();
  const logs = join(shop.dataDir, 'logs');
  for (const name of readdirSync(logs)) places.set(`log ${name}`, readFileSync(join(logs, name), 'utf8'));
  places.set('what the stack said', shop.said());
  for (const [name, value] of Object.entries({ key, statusToken, ...planted })) secrets.set(name, value);
}, 240_000);
afterAll(async () => {
  await client?.end();
  await shop?.stop();
}, 60_000);

/** Secrets with their encodings, in which they would be no secret either. */
const formsOf = (secret: string) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('hex'),
  JSON.stringify(secret).slice(1, -1),
];

function found(place: string): string[] {
  const text = places.get(place) ?? '';
  // A person's name is in the sandbox's log and chats: it is the outside world.
  return [...secrets].filter(([, secret]) => formsOf(secret).some((form) => text.includes(form))).map(([name]) => name);
}

describe('planted secrets', () => {
  it('are at least twenty, and would be found', () => {
    expect(secrets.size).toBeGreaterThanOrEqual(20);
    places.set('proof', [...secrets.values()].join('\n'));
    expect(found('proof').length).toBe(secrets.size);
    places.delete('proof');
  });

  it('stand in no log, no history, no answer, no metric, no output and no dump', () => {
    expect([...places.keys()]).toEqual(
      expect.arrayContaining(['histories', 'dump', 'commands', 'answers and metrics', 'log worker.log', 'log app.log']),
    );
    // What was decoded was decoded: a stored update's body, a payload's order.
    expect(places.get('dump')).toContain('telegram_payment_charge_id');
    expect(places.get('histories')).toContain(`"orderCode":"${codes[0]}"`);
    for (const [place, text] of places) expect(text.length, place).toBeGreaterThan(place.startsWith('log') ? -1 : 20);
    expect(
      Object.fromEntries([...places.keys()].map((place) => [place, found(place)] as const).filter(([, names]) => names.length > 0)),
    ).toEqual({});
  });
});
