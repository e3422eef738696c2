/** One activity that sends what the rows say is unsent, marks each, and is safe to repeat. */
import { ApplicationFailure } from '@temporalio/common';
import { isPaid, type OrderStatus } from '../domain/order.ts';
import { Customer } from '../db/entities/customer.ts';
import { Delivery } from '../db/entities/delivery.ts';
import { Order } from '../db/entities/order.ts';
import { Shop } from '../db/entities/shop.ts';
import { findOrderView } from '../db/repositories/order.ts';
import type { EntityManager } from '../db/orm.ts';
import { TelegramError } from '../gateways/telegram.ts';
import type { OrderRow } from '../workflows/messages/order.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';
import { heartbeating } from './heartbeat.ts';
import { answerRow, changeStatus, lockOrder, rejectedRow } from './order/row.ts';
import { tellGoods } from './tell/goods.ts';
import { tellNotices } from './tell/notices.ts';
import { loadScreens, tellCustomer, tellReminder, tellStaff } from './tell/screens.ts';

export function createTellActivities({ db, secrets, telegram }: Pick<ActivityContext, 'db' | 'secrets' | 'telegram'>) {
  return failing({
    /** Goods first, then notices, the customer's screen and the staff's. Each is tried although another failed. */
    tell: (telling: { readonly orderCode: string; readonly at: number }): Promise<OrderRow> => heartbeating(() => tell(telling)),
  });

  async function tell({ orderCode, at }: { readonly orderCode: string; readonly at: number }): Promise<OrderRow> {
    const em = db.em.fork();
    const time = new Date(at);
    const view = await findOrderView(em.fork(), orderCode);
    if (!view) return rejectedRow(orderCode, 'UnknownOrder');
    const { shop, customer, orderId } = await loadPeople(em, view.customerId, orderCode);
    // A shop whose token was taken away keeps its goods waiting, visible to staff, until it has one again.
    if (!shop.botToken) throw ApplicationFailure.create({ message: 'The shop has no bot token', type: 'TelegramRefused' });
    const bot = telegram.bot(secrets.open({ table: 'shop', column: 'bot_token', id: shop.id }, shop.botToken));
    const screens = { em, bot, shop, customer, orderCode, at: time };

    const failures: unknown[] = [];
    const attempt = async (part: () => Promise<void>) => {
      try {
        await part();
      } catch (err) {
        failures.push(err);
      }
    };
    if (isPaid(view.status) && view.status !== 'refunded') {
      await attempt(() => tellGoods({ em, secrets, bot, chatId: customer.chatId, view, at: time }));
      await markDelivered(db.em.fork(), orderCode, time);
    }
    await attempt(() => tellNotices({ em, bot, customer, orderId, orderCode, at: time }));
    const state = await loadScreens(screens);
    if (state) {
      await attempt(() => tellReminder(screens, state));
      await attempt(() => tellCustomer(screens, state));
      await attempt(() => tellStaff(screens, state));
    }
    if (failures.length > 0) throw toTellFailure(failures);
    return readRow(db.em.fork(), orderCode);
  }
}

async function loadPeople(em: EntityManager, customerId: number, orderCode: string) {
  const order = await em.findOneOrFail(Order, { code: orderCode });
  const shop = await em.findOneOrFail(Shop, { id: order.shopId });
  const customer = await em.findOneOrFail(Customer, { id: customerId });
  return { orderId: order.id, shop, customer };
}

/** All goods are sent: the order is delivered. */
async function markDelivered(em: EntityManager, orderCode: string, at: Date): Promise<void> {
  await em.transactional(async (tx) => {
    const locked = await lockOrder(tx, orderCode);
    if (!locked || locked.order.status !== ('paid' satisfies OrderStatus)) return;
    const deliveries = await tx.find(Delivery, { orderId: locked.order.id });
    if (deliveries.some((delivery) => delivery.status !== 'sent' && delivery.status !== 'handedOver')) return;
    locked.order.deliveredAt = at;
    locked.order.closedAt = at;
    changeStatus(tx, locked.order, 'delivered', 'system', at);
  });
}

async function readRow(em: EntityManager, orderCode: string): Promise<OrderRow> {
  return em.transactional(async (tx) => {
    const locked = await lockOrder(tx, orderCode);
    return locked ? answerRow(tx, locked) : rejectedRow(orderCode, 'UnknownOrder');
  });
}

/** The failure that says when to try again: the shortest wait any part was asked for. */
function toTellFailure(failures: readonly unknown[]): unknown {
  const telegram = failures.filter((err) => err instanceof TelegramError);
  const [first] = failures;
  if (telegram.length < failures.length || !(first instanceof TelegramError))
    return failures.find((err) => !(err instanceof TelegramError)) ?? first;
  const waits = telegram.flatMap((err) => err.retryAfter ?? []);
  return ApplicationFailure.create({
    message: first.message,
    type: 'TelegramRefused',
    nonRetryable: false,
    ...(waits.length > 0 ? { nextRetryDelay: Math.min(...waits) * 1000 } : {}),
  });
}
