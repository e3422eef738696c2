/** What providers post in a round: bodies with their signatures, a tenth of them again, a twentieth with a wrong signature. */
import { createHmac } from 'node:crypto';

/** What the shop under test is known by. */
export interface Addressees {
  readonly stripeSecret: string;
  readonly telegramSecret: string;
  /** Open orders by code; each has a payment `<code>-1` whose money `pi_<code>` was told already. */
  readonly orderCodes: readonly string[];
  /** Telegram ids of customers. */
  readonly people: readonly number[];
}

export interface Post {
  readonly to: 'stripe' | 'telegram';
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As documented: 200, or 400 (Stripe) and 403 (Telegram) for a wrong signature. */
  readonly status: number;
  /** Event id of the inbox row it must leave; none for updates that are no money. */
  readonly eventId?: string;
}

const apiVersion = '2026-08-26.dahlia';

/**
 * `name` is part of every event's id: a plan is posted once. Of ten posts seven are Stripe's: money told before by another event (it is
 * kept as known and rings nobody), and what the account's other systems do. Three are Telegram's: people who block or unblock the bot, and
 * a group's title. A twentieth of both is money told for the first time, which rings its order: at the rates measured here about as many a
 * second as this machine can sell.
 */
export function planPosts(name: string, count: number, to: Addressees): Post[] {
  const posts: Post[] = [];
  for (let index = 0; index < count; index += 1) {
    const again = index % 10 === 9 ? posts[index - 7] : undefined;
    if (again) {
      posts.push(again);
      continue;
    }
    const fresh = index % 10 < 7 ? planStripe(name, index, to) : planTelegram(name, index, to);
    posts.push(index % 20 === 3 ? spoil(fresh) : fresh);
  }
  return posts;
}

function planStripe(name: string, index: number, { stripeSecret, orderCodes }: Addressees): Post {
  const code = pick(orderCodes, index);
  const kind = Math.floor(index / 10) % 20;
  const first = kind === 0;
  const foreign = kind > 9;
  const eventId = `evt_${name}_${index}`;
  const object = foreign
    ? {
        id: `ch_${name}_${index}`,
        object: 'charge',
        amount: 5_000,
        currency: 'pln',
        description: 'Sold elsewhere',
        metadata: { shelf: '7' },
      }
    : {
        id: first ? `pi_${name}_${index}` : `pi_${code}`,
        object: 'payment_intent',
        amount: 5_000,
        amount_received: 5_000,
        currency: 'pln',
        status: 'succeeded',
        payment_method_types: ['card', 'link'],
        metadata: { tillflow_payment_id: `${code}-1` },
      };
  const created = Math.floor(Date.now() / 1_000);
  const type = foreign ? 'charge.updated' : 'payment_intent.succeeded';
  const body = JSON.stringify({ id: eventId, object: 'event', type, created, livemode: false, api_version: apiVersion, data: { object } });
  const signature = createHmac('sha256', stripeSecret).update(`${created}.${body}`).digest('hex');
  const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': `t=${created},v1=${signature}` };
  return { to: 'stripe', body, headers, status: 200, eventId };
}

let updateId = 1;

function planTelegram(name: string, index: number, { telegramSecret, orderCodes, people }: Addressees): Post {
  const id = pick(people, index);
  const from = { id, is_bot: false, first_name: 'Ada', language_code: 'en' };
  const date = Math.floor(Date.now() / 1_000);
  const kind = Math.floor(index / 10) % 20;
  const chargeId = `charge_${name}_${index}`;
  const message = { message_id: index + 1, date, from };
  updateId += 1;
  let update: object;
  if (kind === 0) {
    const code = pick(orderCodes, index);
    const payment = {
      currency: 'XTR',
      total_amount: 2_500,
      invoice_payload: `${code}-1`,
      telegram_payment_charge_id: chargeId,
      provider_payment_charge_id: '',
    };
    update = { message: { ...message, chat: { id, type: 'private', first_name: 'Ada' }, successful_payment: payment } };
  } else if (kind < 10) {
    const user = { id: 300_000_000, is_bot: true, first_name: 'Bench' };
    const statuses = index % 2 === 0 ? ['member', 'kicked'] : ['kicked', 'member'];
    const [old, now] = statuses.map((status) => ({ user, status, until_date: 0 }));
    update = {
      my_chat_member: { chat: { id, type: 'private', first_name: 'Ada' }, from, date, old_chat_member: old, new_chat_member: now },
    };
  } else {
    update = { message: { ...message, chat: { id: -1_000 - index, type: 'group', title: 'Friends' }, new_chat_title: 'Friends' } };
  }
  const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': telegramSecret };
  const body = JSON.stringify({ update_id: updateId, ...update });
  return { to: 'telegram', body, headers, status: 200, ...(kind === 0 ? { eventId: `${chargeId}:settled` } : {}) };
}

function spoil({ to, body, headers }: Post): Post {
  if (to === 'telegram') return { to, body, headers: { ...headers, 'x-telegram-bot-api-secret-token': 'x'.repeat(43) }, status: 403 };
  const signature = (headers['stripe-signature'] ?? '').replace(/v1=.{8}/, 'v1=00000000');
  return { to, body, headers: { ...headers, 'stripe-signature': signature }, status: 400 };
}

function pick<One>(list: readonly One[], index: number): One {
  return list[(index * 7) % list.length] as One;
}
