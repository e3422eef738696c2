/**
 * A customer's way through the shop while the world around it breaks: they tap again, look again, and give up on nothing. Placed in the
 * chat or by the door the chat uses, paid by the protocols of the sandbox's far ends.
 */
import type { Customer } from '../../../db/entities/customer.ts';
import { findOrderView } from '../../../db/repositories/order.ts';
import type { OrderView } from '../../../domain/order.ts';
import type { MethodName } from '../../../domain/payment.ts';
import { createTelegram } from '../../../gateways/telegram.ts';
import { cancelOrder, payOrder, placeOrder } from '../../../temporal/order.ts';
import { newCode } from '../../support/shop.ts';
import { placeInChat } from './chat.ts';
import { patiently } from './patience.ts';
import { type Market, price, type Stall, starsPrice } from './market.ts';
import type { Random } from './random.ts';
import { sessionOf } from './session.ts';
import { topUp } from './top-up.ts';

export type Fate = 'pay' | 'change' | 'cancel' | 'leave';

export interface Purchase {
  readonly orderCode: string;
  readonly stall: Stall;
  readonly customer: Customer;
  readonly method: MethodName;
  readonly fate: Fate;
  readonly status: string;
  /** The deposit their money came by; absent when they had it. */
  readonly depositCode?: string | undefined;
}

export interface PurchaseWish {
  readonly method?: MethodName;
  readonly fate?: Fate;
  /** Placed by tapping in the chat instead of by the door behind it. */
  readonly inChat?: boolean;
  /** They come without money and put it into the wallet first, by card. */
  readonly topsUp?: boolean;
  readonly deadlineMs?: number;
}

const finals = ['delivered', 'expired', 'cancelled', 'refunded', 'unfulfillable'];
const expected: Readonly<Record<Fate, string>> = { pay: 'delivered', change: 'delivered', cancel: 'cancelled', leave: 'expired' };
const shortHoldSeconds = 4;

/** @throws when it does not end as it must, by the deadline at the latest */
export async function purchase(market: Market, random: Random, wish: PurchaseWish = {}): Promise<Purchase> {
  // Chance is drawn before anything is awaited: what others do meanwhile must not change it.
  const stall = random.pick(market.stalls);
  const fate = wish.fate ?? random.pick<Fate>([...Array.from<Fate>({ length: 17 }).fill('pay'), 'change', 'cancel', 'leave']);
  const method = wish.method ?? random.pick<MethodName>(fate === 'pay' ? ['wallet', 'stars', 'card'] : ['stars', 'card']);
  const inChat = wish.inChat ?? (fate === 'pay' && random.chance(0.3));
  const patienceMs = random.whole(250, 12_000);
  // Whoever taps twice by impatience has money for two: those who bring just enough buy by the door.
  const topsUp = wish.topsUp ?? (method === 'wallet' && !inChat && random.chance(0.3));
  const until = performance.now() + (wish.deadlineMs ?? 240_000);
  const { stack } = market;
  // In the chat there is money for two: whoever taps twice must not have bought twice.
  const cash = method === 'wallet' || fate === 'change' ? price * (inChat ? 2 : 1) : 0;
  const customer = await patiently(until, 'come in', () => market.addCustomer(stall, topsUp ? 0 : cash));
  const depositCode = topsUp ? await topUp(market, { stall, customer, amount: price, until }) : undefined;

  const see = async (orderCode: string): Promise<OrderView> => {
    const view = await findOrderView(stack.db.em.fork(), orderCode);
    if (!view) throw new Error(`There is no order ${orderCode} yet`);
    return view;
  };

  const orderCode = inChat
    ? await placeInChat(stack, { stall, person: customer.telegramUserId, method, patienceMs, until })
    : await placeByDoor(market, { stall, customer, method, holdSeconds: fate === 'leave' ? shortHoldSeconds : 900, until });
  const ended = async () => {
    const { status } = await see(orderCode);
    return finals.includes(status) ? status : undefined;
  };

  if (fate === 'pay') await pay(market, { orderCode, stall, customer, method, until, see });
  if (fate === 'change' || fate === 'cancel') {
    // Repeated until the row says so: an answer may be lost, and a workflow that vanished comes back.
    const act = () =>
      fate === 'change'
        ? payOrder(stack.door, orderCode, { method: 'wallet', customerId: customer.id, attempt: 2 })
        : cancelOrder(stack.door, orderCode, { by: 'customer', actor: `customer:${customer.id}` });
    await patiently(until, `${fate} ${orderCode}`, async () => {
      const { status } = await see(orderCode);
      if (status !== 'awaitingPayment') return;
      await act();
      throw new Error('not yet');
    });
  }
  const status = await patiently(until, `see ${orderCode} end (${method}, ${fate})`, async () => {
    const final = await ended();
    if (final === undefined) throw new Error(`it is ${(await see(orderCode)).status}`);
    return final;
  });
  if (status !== expected[fate]) throw new Error(`Order ${orderCode} (${method}, ${fate}) ended ${status}, not ${expected[fate]}`);
  return { orderCode, stall, customer, method, fate, status, depositCode };
}

interface DoorWish {
  readonly stall: Stall;
  readonly customer: Customer;
  readonly method: MethodName;
  readonly holdSeconds: number;
  readonly until: number;
}

async function placeByDoor({ stack }: Market, { stall, customer, method, holdSeconds, until }: DoorWish): Promise<string> {
  let orderCode = newCode();
  await patiently(until, 'place an order', async () => {
    const answer = await placeOrder(stack.door, orderCode, {
      shopId: stall.shop.id,
      customerId: customer.id,
      lines: [{ productId: stall.product.id, quantity: 1 }],
      shownTotal: price,
      shownStars: starsPrice,
      method,
      holdSeconds,
      fromBasket: false,
      language: 'en',
    });
    if ('later' in answer) throw new Error('not answered');
    if ('rejected' in answer) throw new Error(`refused: ${answer.rejected}`);
    if ('closed' in answer && !(await findOrderView(stack.db.em.fork(), orderCode))) {
      // It came to nothing, and its code with it: the bot draws the confirm screen again, with a new one.
      orderCode = newCode();
      throw new Error('it came to nothing');
    }
  });
  return orderCode;
}

interface Paying {
  readonly orderCode: string;
  readonly stall: Stall;
  readonly customer: Customer;
  readonly method: MethodName;
  readonly until: number;
  see(orderCode: string): Promise<OrderView>;
}

const attemptOf = (paymentId: string) => Number(paymentId.split('-').at(-1));

/** Pays once: where an answer is lost, it is looked up whether the money went. */
async function pay({ stack }: Market, { orderCode, stall, customer, method, until, see }: Paying): Promise<void> {
  if (method === 'wallet') return;
  if (method === 'card') {
    await patiently(until, `pay ${orderCode} by card`, async () => {
      const { payment } = await see(orderCode);
      if (payment?.status === 'failed') {
        // The page could not be opened within its minute: the customer chooses again.
        await payOrder(stack.door, orderCode, { method, customerId: customer.id, attempt: attemptOf(payment.id) + 1 });
        throw new Error('its page could not be opened');
      }
      const session = payment && (await sessionOf(stack, payment.id));
      if (!session) throw new Error(`there is no page to pay on, the payment is ${payment?.status}`);
      if (session.status === 'open') await stack.control(`/stripe/sessions/${session.id}/pay`, {});
    });
    return;
  }
  const bot = createTelegram({ apiRoot: stack.config.farEnds.telegram }).bot(stall.botToken);
  await patiently(until, `pay ${orderCode} with Stars`, async () => {
    const { payment, status } = await see(orderCode);
    if (status !== 'awaitingPayment' && status !== 'awaitingSettlement') return;
    if (payment?.instructions?.kind !== 'invoice') throw new Error('there is no invoice');
    const url = await bot.createInvoiceLink(payment.instructions.invoice);
    const slug = url.split(/[/$]/).at(-1) as string;
    const result = await stack.control<{ status: string; error?: string }>('/invoices/pay', { person: customer.telegramUserId, slug });
    if (result.status !== 'paid') throw new Error(`${result.status}: ${result.error}`);
  });
}
