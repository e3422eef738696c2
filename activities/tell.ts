/** One activity that sends what the rows say is unsent, marks each, and is safe to repeat. */
import { ApplicationFailure } from '@temporalio/common';
import { isUnsent } from '../domain/delivery.ts';
import { isPaid } from '../domain/order.ts';
import { kindTraits } from '../domain/product.ts';
import type { Delivery } from '../db/entities/delivery.ts';
import type { Order } from '../db/entities/order.ts';
import { awardPurchases } from '../db/repositories/achievement.ts';
import { deliverOrder } from '../db/repositories/delivery.ts';
import { viewOrder } from '../db/repositories/order.ts';
import { loadOrder, loadOrderToTell, type OrderRows } from '../db/repositories/order-rows.ts';
import { judgeStock } from '../db/repositories/stock-alarm.ts';
import { textsOfShop } from '../texts/wording.ts';
import { TelegramError } from '../gateways/telegram.ts';
import type { OrderRow } from '../workflows/messages/order.ts';
import { botOf } from './bot.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';
import { heartbeating } from './heartbeat.ts';
import { answerRow, rejectedRow } from './order/row.ts';
import { tellGoods } from './tell/goods.ts';
import { tellNotices } from './tell/notices.ts';
import { createQueue } from './tell/queue.ts';
import { tellScreens } from './tell/screens.ts';

interface Telling {
  readonly orderCode: string;
  /** Workflow time, ms since epoch. */
  readonly at: number;
}

export function createTellActivities({ db, secrets, telegram }: Pick<ActivityContext, 'db' | 'secrets' | 'telegram'>) {
  // A first try that was given up as too slow may still be sending when the next begins.
  const inTurn = createQueue();
  return failing({
    /** Goods first, then notices, the customer's screen and the staff's. Each is tried although another failed. */
    tell: (telling: Telling): Promise<OrderRow> => heartbeating(() => inTurn(telling.orderCode, () => tell(telling))),
  });

  async function tell({ orderCode, at }: Telling): Promise<OrderRow> {
    const em = db.em.fork();
    const time = new Date(at);
    const found = await loadOrderToTell(em, orderCode);
    if (!found) return rejectedRow(orderCode, 'UnknownOrder');
    const { customer, botToken } = found;
    const bot = botOf({ secrets, telegram }, { id: found.shop.id, botToken });

    const failures: unknown[] = [];
    const attempt = async (part: () => Promise<void>) => {
      try {
        await part();
      } catch (err) {
        failures.push(err);
      }
    };
    let rows: OrderRows = found;
    if (isPaid(rows.order.status) && rows.order.status !== 'refunded') {
      const view = viewOrder(found);
      let delivered: Order | undefined;
      await attempt(async () => {
        delivered = await tellGoods({
          em,
          secrets,
          bot,
          chatId: customer.chatId,
          view,
          texts: textsOfShop(found.shop, view.language),
          at: time,
        });
      });
      // Goods sent by others, or at the same instant by another worker.
      delivered ??= await deliverOrder(em, found.order.id, time);
      const { shop, sale } = found;
      if (sale) await attempt(() => awardPurchases(em, { shopId: shop.id, customerId: customer.id }, sale.purchases, shop.currency));
      for (const productId of sale?.fallen ?? []) await attempt(async () => void (await judgeStock(em, productId, time)));
      rows = delivered ? withDelivered(found, delivered, time) : ((await loadOrder(em, orderCode)) ?? found);
    }
    const { order, unnoticed, refunds } = rows;
    const hasNotices = unnoticed > 0 || refunds.some((refund) => refund.toldAt == null);
    if (hasNotices)
      await attempt(() =>
        tellNotices({ em, bot, customer, texts: textsOfShop(found.shop, customer.language), orderId: order.id, orderCode, at: time }),
      );
    const drawn = await tellScreens({ em, bot, customer, rows, at: time, attempt });
    if (failures.length > 0) throw toTellFailure(failures);
    // Whatever people should see raises the version: at the same one nothing but these screens has changed.
    if (!hasNotices && drawn?.version === order.version) return answerRow({ ...rows, order: drawn });
    const now = await loadOrder(em, orderCode);
    return now ? answerRow(now) : rejectedRow(orderCode, 'UnknownOrder');
  }
}

/** An order's rows once it is delivered: what was sent just now, as it was marked; a secret counts as shown. */
function withDelivered(rows: OrderRows, order: Order, at: Date): OrderRows {
  const secretLines = new Set(rows.lines.filter(({ kind }) => kindTraits[kind].handover === 'secret').map(({ id }) => id));
  const sent = (one: Delivery): Delivery => ({
    ...one,
    status: 'sent',
    shownAt: secretLines.has(one.orderLineId) ? (one.shownAt ?? at) : one.shownAt,
  });
  return { ...rows, order, deliveries: rows.deliveries.map((one) => (isUnsent(one.status) ? sent(one) : one)) };
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
