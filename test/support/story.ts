/** Acts of people and providers around orders of a test world, by the public protocols of the sandbox's far ends. */
import { pino } from 'pino';
import { expect } from 'vitest';
import { createBots } from '../../bot/main.ts';
import { checkDatabase } from '../../db/check.ts';
import type { Customer } from '../../db/entities/customer.ts';
import type { Product } from '../../db/entities/product.ts';
import { openDatabase } from '../../db/orm.ts';
import { findOrderView } from '../../db/repositories/order.ts';
import type { OrderView } from '../../domain/order.ts';
import type { MethodName } from '../../domain/payment.ts';
import type { PayResult } from '../../sandbox/telegram/chat-contract.ts';
import { placeOrder } from '../../temporal/order.ts';
import { type OrderAnswer, orderWorkflowId, type PlaceOrder } from '../../workflows/messages/order.ts';
import { ended, resultOf } from './ending.ts';
import { newCode } from './shop.ts';
import { mayLoseAnswers, waitFor, withPatience } from './wait.ts';
import type { World } from './world.ts';

/** A hold that a customer pays within and that is soon over, seconds: whose worker is killed pays later. */
export const shortHold = () => Math.ceil(withPatience(3_000) / 1_000);

export interface Placed {
  readonly orderCode: string;
  readonly customer: Customer;
  readonly product: Product;
  readonly answer: OrderAnswer;
  /** It was refused, and why died with the worker that refused it. */
  readonly reasonLost?: boolean;
}

export interface PlaceWish {
  readonly method: MethodName;
  readonly cash?: number;
  readonly holdSeconds?: number;
  /** How long the tap waits for its answer. */
  readonly deadlineMs?: number;
  readonly units?: number;
  readonly product?: Product;
  readonly customer?: Customer;
  readonly place?: Partial<PlaceOrder>;
}

/** A customer taps a method for one unit at 50.00 (25.00 Stars). @throws when the order is not answered in time */
export async function placeOne(world: World, wish: PlaceWish): Promise<Placed> {
  const product = wish.product ?? (await world.addProduct({ units: wish.units ?? 1 }));
  const customer = wish.customer ?? (await world.addPerson({ cash: wish.cash ?? 0 }));
  const orderCode = newCode();
  const place = world.placing(customer, product, { method: wish.method, holdSeconds: wish.holdSeconds ?? 900, ...wish.place });
  const answer = await placeOrder(world.door, orderCode, place, wish.deadlineMs ?? withPatience(20_000));
  if ('later' in answer || ('closed' in answer && !mayLoseAnswers())) {
    throw new Error(`The order was not answered: ${JSON.stringify(answer)}`);
  }
  if (!('closed' in answer)) return { orderCode, customer, product, answer };
  // Its worker died with the answer and another ended the story: the row says how it stands, as the bot would.
  const view = await findOrderView(world.db.em.fork(), orderCode);
  if (!view) return { orderCode, customer, product, answer: { ok: false, rejected: 'UnknownOrder' }, reasonLost: true };
  const { status, version } = view;
  return { orderCode, customer, product, answer: { ok: true, orderCode, status, version } };
}

export async function viewOf(world: World, orderCode: string): Promise<OrderView> {
  const view = await findOrderView(world.db.em.fork(), orderCode);
  if (!view) throw new Error(`There is no order ${orderCode}`);
  return view;
}

/** Waits until an order's row has one of these statuses. */
export function untilStatus(world: World, orderCode: string, statuses: readonly string[], timeoutMs = 20_000): Promise<OrderView> {
  return waitFor(
    async () => {
      const view = await viewOf(world, orderCode);
      expect(statuses).toContain(view.status);
      return view;
    },
    { timeout: timeoutMs, interval: 100 },
  );
}

/** The Stripe session of an order's attempt, once it is open. */
export async function sessionOf(world: World, orderCode: string, attempt = 1): Promise<{ id: string; status: string }> {
  const { sessions } = await world.control<{ sessions: { id: string; status: string }[] }>(
    `/stripe/sessions?paymentId=${orderCode}-${attempt}&limit=500`,
  );
  const [session] = sessions;
  if (!session) throw new Error(`There is no session for ${orderCode}-${attempt}`);
  return session;
}

export interface CardWish {
  readonly attempt?: number;
  readonly card?: string;
  readonly amountOverride?: number;
  /** The session completes, its money is still on its way. */
  readonly async?: boolean;
  /** Pays although the session is expired. */
  readonly force?: boolean;
}

/** The customer pays on Stripe's page; the webhooks follow. @returns the PaymentIntent's id */
export async function payByCard(world: World, orderCode: string, { attempt = 1, ...wish }: CardWish = {}): Promise<string> {
  const { id } = await sessionOf(world, orderCode, attempt);
  const { paymentIntent } = await world.control<{ paymentIntent: string }>(`/stripe/sessions/${id}/pay`, wish);
  return paymentIntent;
}

/** An invoice of an order's payment, as the screen's button opens it. */
export async function invoiceOf(world: World, orderCode: string): Promise<string> {
  const { payment } = await viewOf(world, orderCode);
  if (payment?.instructions?.kind !== 'invoice') throw new Error(`Order ${orderCode} has no invoice`);
  const url = await botOf(world).createInvoiceLink(payment.instructions.invoice);
  return url.split(/[/$]/).at(-1) as string;
}

/** The customer pays an invoice with Stars; the bot must be running to approve. */
export async function payByStars(
  world: World,
  customer: Customer,
  slug: string,
  options: { abandon?: boolean; delaySeconds?: number } = {},
): Promise<PayResult> {
  await world.control('/stars', { person: customer.telegramUserId, amount: 10_000 });
  // Telegram waits ten seconds for the bot, which may be busy: a person then presses again.
  return waitFor(
    async () => {
      const result = await world.control<PayResult>('/invoices/pay', { person: customer.telegramUserId, slug, ...options });
      if (result.status === 'timeout') throw new Error(`The bot did not answer in time: ${result.error}`);
      return result;
    },
    { timeout: 30_000 },
  );
}

/** An order that is placed, paid and delivered. */
export async function delivered(world: World, wish: PlaceWish): Promise<Placed> {
  const placed = await placeOne(world, wish);
  if (wish.method === 'card') await payByCard(world, placed.orderCode);
  if (wish.method === 'stars') await payByStars(world, placed.customer, await invoiceOf(world, placed.orderCode));
  expect(await resultOf(world, orderWorkflowId(placed.orderCode))).toBe('delivered');
  return placed;
}

export const endedOrder = (world: World, { orderCode }: Pick<Placed, 'orderCode'>) => ended(world, orderWorkflowId(orderCode));

export function botOf(world: World) {
  const { shop, secrets } = world;
  return world.telegram.bot(secrets.open({ table: 'shop', column: 'bot_token', id: shop.id }, shop.botToken as Uint8Array));
}

/** Runs the shop's bot beside a world, by polling. @returns how to stop it */
export async function runBots(world: World): Promise<() => Promise<void>> {
  const db = await openDatabase({ url: world.database.appUrl, poolSize: 4 });
  const { config, secrets, door, telegram } = world;
  const bots = createBots({ config, db, secrets, door, telegram, log: pino({ level: 'silent' }) });
  await bots.start();
  return async () => {
    await bots.stop();
    await db.close(true);
  };
}

/** The checker finds nothing, and no stored event is left without its outcome: one told after the end of a story has a story of its own. */
export async function isGreen(world: World, now = Date.now()): Promise<void> {
  await waitFor(
    async () => {
      const report = await checkDatabase(world.db.em.fork(), { now: new Date(now), settledGraceMs: 0 });
      expect(report.findings).toEqual([]);
    },
    { timeout: 10_000, interval: 200 },
  );
}

export async function freeUnits(world: World, productId: number): Promise<number> {
  const rows: { free: number }[] = await world.db.em
    .fork()
    .execute('select count(*)::int as free from free_unit where product_id = ?', [productId]);
  return rows[0]?.free ?? 0;
}
