/** A shop whose orders wait for money, the bare route's table beside its inbox, and what must stand in the inbox afterwards. */
import { createHash } from 'node:crypto';
import { makeOrderCode } from '../domain/order-code.ts';
import { type Database, openDatabase } from '../db/orm.ts';
import { saveAccount } from '../db/repositories/provider-account.ts';
import { createShop, openWebhookSecret } from '../db/repositories/shop.ts';
import { openSecrets } from '../db/secrets.ts';
import { openDoor } from '../temporal/client.ts';
import { orderWorkflowId } from '../workflows/messages/order.ts';
import type { BenchContext } from './harness/bench.ts';
import { expectEachOnce, expectSame } from './harness/correct.ts';
import { findFreePorts } from './ports.ts';
import { type BenchStack, waitForAnswer } from './stack.ts';
import type { Target } from './webhooks-load.ts';
import type { Addressees, Post } from './webhooks-plan.ts';

export interface BenchInbox {
  readonly db: Database;
  readonly shopId: number;
  readonly accountId: number;
  readonly addressees: Addressees;
  readonly target: Target;
}

const orderCount = 64;
const firstPerson = 7_900_000;

/** Makes the shop, its open orders in rows and in Temporal, and the bare route's table. */
export async function openInbox({ onCleanUp }: BenchContext, { config, keys }: BenchStack): Promise<BenchInbox> {
  const db = await openDatabase({ url: config.ownerDatabaseUrl, poolSize: 4, applicationName: 'tillflow-bench' });
  onCleanUp(() => db.close(true));
  const em = db.em.fork();
  const secrets = openSecrets(keys);
  const bot = { botToken: `300000000:${'w'.repeat(35)}`, botUsername: 'webhooks_bench_bot' };
  const shop = await createShop(em, secrets, { slug: 'webhooks', title: 'Webhooks', ...bot, currency: 'PLN', actor: 'system' });
  const stripeSecret = 'whsec_webhooksbench';
  const stripe = { secretKey: 'sk_test_webhooksbench', webhookSecret: stripeSecret };
  const account = await saveAccount(em, secrets, { shopId: shop.id, provider: 'stripe', liveMode: false, keys: stripe });
  await saveAccount(em, secrets, { shopId: shop.id, provider: 'stars', liveMode: false });
  const orderCodes = Array.from({ length: orderCount }, (_, index) =>
    makeOrderCode(createHash('sha256').update(String(index)).digest().subarray(0, 8)),
  );
  for (const sql of openOrders) await em.execute(sql.text, sql.values({ shopId: shop.id, accountId: account.id, orderCodes }));
  await em.execute('create table bare_inbox (like inbox including all)');
  await em.execute(
    `alter table bare_inbox add foreign key (shop_id) references shop, add foreign key (account_id) references provider_account,
       add foreign key (order_id) references "order"`,
  );
  await em.execute('grant all on bare_inbox to tillflow_app');
  await em.execute('vacuum analyze');

  const door = openDoor(config);
  onCleanUp(() => door.close());
  for (const code of orderCodes) {
    const open = { workflowId: orderWorkflowId(code), taskQueue: `${config.temporal.queuePrefix}nobody` };
    await door.client.workflow.start('orderWorkflow', { ...open, args: [{ orderCode: code }] });
  }

  const url = `http://127.0.0.1:${config.ports.app}/webhooks`;
  return {
    db,
    shopId: shop.id,
    accountId: account.id,
    addressees: {
      stripeSecret,
      telegramSecret: openWebhookSecret(secrets, shop) ?? '',
      orderCodes,
      people: Array.from({ length: orderCount }, (_, index) => firstPerson + index),
    },
    target: { stripe: `${url}/stripe/${account.endpointId}`, telegram: `${url}/telegram/${shop.webhookEndpointId}` },
  };
}

/** Customers, their orders, a payment each, and its money told once. */
const openOrders: readonly {
  text: string;
  values: (made: { shopId: number; accountId: number; orderCodes: readonly string[] }) => unknown[];
}[] = [
  {
    text: 'insert into customer (shop_id, telegram_user_id, chat_id) select ?, ?::bigint + g, ?::bigint + g from generate_series(0, ?) g',
    values: ({ shopId }) => [shopId, firstPerson, firstPerson, orderCount - 1],
  },
  {
    text: `insert into "order" (code, shop_id, customer_id, status, currency, total, tax, method, methods, lines_key, hold_seconds, placed_at, hold_ends_at, language)
           select code, ?, (select min(id) from customer), 'awaitingPayment', 'PLN', 5000, 0, 'card', '{card}', 'x', 900, now(), now() + interval '1 hour', 'en'
             from unnest(?::text[]) code`,
    values: ({ shopId, orderCodes }) => [shopId, `{${orderCodes.join(',')}}`],
  },
  {
    text: `insert into payment (id, shop_id, order_id, customer_id, attempt, method, provider, account_id, amount, currency, status, opened_at)
           select code || '-1', shop_id, id, customer_id, 1, 'card', 'stripe', ?, 5000, 'PLN', 'pending', now() from "order"`,
    values: ({ accountId }) => [accountId],
  },
  {
    text: `insert into inbox (shop_id, provider, account_id, source, event_id, type, verdict, kind, object_id, payment_id, order_id, amount,
                              currency, live_mode, provider_at, body, headers)
           select shop_id, 'stripe', ?, 'webhook', 'evt_told_' || code, 'checkout.session.completed', 'verified', 'settled', 'pi_' || code, code || '-1', id,
                  5000, 'PLN', false, now(), ''::bytea, '{}' from "order"`,
    values: ({ accountId }) => [accountId],
  },
];

/** Starts the bare route as a process of its own, with as many connections as the app has for webhooks. */
export async function startBare({ config, spawnNode }: BenchStack, inbox: BenchInbox): Promise<Target> {
  const [port] = await findFreePorts(1);
  const { stripeSecret, telegramSecret } = inbox.addressees;
  const { shopId, accountId } = inbox;
  const options = { port, databaseUrl: config.databaseUrl, stripeSecret, telegramSecret, shopId, accountId };
  const server = spawnNode('bare', ['bench/webhooks-bare.ts'], { WEBHOOKS_BARE: JSON.stringify(options) });
  const url = `http://127.0.0.1:${port}`;
  await waitForAnswer(`${url}/ready`, server);
  return { stripe: `${url}/stripe`, telegram: `${url}/telegram` };
}

/** @throws RoundError unless every event is one row, and every refused body is a row that says so */
export async function expectRows({ db, shopId, target }: BenchInbox, posts: readonly Post[]): Promise<void> {
  const wanted = [...new Set(posts.flatMap(({ eventId, status }) => (eventId !== undefined && status === 200 ? [eventId] : [])))];
  const rows: { event_id: string }[] = await db.em
    .fork()
    .execute(`select event_id from inbox where shop_id = ? and verdict = 'verified' and event_id = any(?::text[])`, [
      shopId,
      `{${wanted.join(',')}}`,
    ]);
  expectEachOnce(
    'events in the inbox',
    wanted,
    rows.map(({ event_id }) => event_id),
  );
  const known: { outcome: string | null; count: number }[] = await db.em
    .fork()
    .execute(`select outcome, count(*)::int from inbox where event_id = any(?::text[]) group by outcome`, [`{${wanted.join(',')}}`]);
  const counted = Object.fromEntries(known.map(({ outcome, count }) => [outcome ?? 'waiting', count]));
  for (const outcome of ['duplicate', 'notOurs', 'waiting']) if (!counted[outcome]) expectSame(`events that are ${outcome}`, 1, 0);

  // A body that was refused is a row by its address and the first two digits of its hash; the minute it came in is not ours to know.
  const address = createHash('sha256')
    .update(target.stripe.split('/').at(-1) ?? '')
    .digest('hex')
    .slice(0, 32);
  const refused = new Set(
    posts
      .filter(({ status }) => status === 400)
      .map(({ body }) => `${address}:${createHash('sha256').update(body).digest('hex').slice(0, 2)}`),
  );
  const kept: { event_id: string }[] = await db.em
    .fork()
    .execute(`select event_id from inbox where shop_id = ? and verdict = 'refused' and outcome = 'refused'`, [shopId]);
  const found = new Set(kept.map(({ event_id }) => event_id.split(':').slice(2).join(':')));
  expectSame('kinds of refused bodies without a row', 0, [...refused].filter((one) => !found.has(one)).length);
}
