/** The steps of a payout: each one guarded transition in one transaction that answers the row's real state; and telling staff and customer. */
import { Payout } from '../db/entities/payout.ts';
import { Refund } from '../db/entities/refund.ts';
import { Shop } from '../db/entities/shop.ts';
import { findOrderCodeOf, viewPayout } from '../db/repositories/payout.ts';
import { listOpenWork } from '../db/repositories/open-work.ts';
import { payoutReminder, staffPayoutScreen } from '../texts/screens/payout.ts';
import { ringCommission } from '../temporal/commission.ts';
import { ringNotice } from '../temporal/notice.ts';
import type { PayoutAnswer, PayoutInput, PayoutRow } from '../workflows/messages/payout.ts';
import { botOf } from './bot.ts';
import type { ActivityContext } from './context.ts';
import { inDeposit } from './deposit/row.ts';
import { failing } from './failure.ts';
import { heartbeating } from './heartbeat.ts';
import { inOrder } from './order/row.ts';
import { advance, answerRow, carriedOut, lockPayout } from './payout/advance.ts';
import { requestPayout } from './payout/request.ts';
import { closeRefund } from './refund/close.ts';
import { draw } from './tell/draw.ts';
import { sendNotice } from './tell/notices.ts';
import { createQueue } from './tell/queue.ts';

/** `at`: workflow time, ms since epoch. */
interface At {
  readonly payoutCode: string;
  readonly at: number;
}

type Context = Pick<ActivityContext, 'db' | 'secrets' | 'telegram'> & Partial<Pick<ActivityContext, 'door'>>;

/** Without a door nobody rings for the customer's notices: the relay does. */
export function createPayoutActivities(context: Context) {
  const em = () => context.db.em.fork();
  const inTurn = createQueue();

  return failing({
    /** Begins what staff asked for, or answers for the payout that stands under this id. */
    openPayout: ({ payoutCode, request, at }: PayoutInput & At): Promise<PayoutAnswer> =>
      requestPayout(em(), { payoutCode, request }, new Date(at)),

    /** Carries out what people, or time, say of it. */
    advancePayout: (wish: At & { readonly cancelled: boolean }): Promise<PayoutRow> => carryOut(context.db, wish),

    /** Draws the staff's one message, reminds them, and has the customer told. */
    tellPayout: (telling: At): Promise<PayoutRow> => heartbeating(() => inTurn(telling.payoutCode, () => tell(context, telling))),
  });
}

async function carryOut(db: Context['db'], { payoutCode, cancelled, at }: At & { readonly cancelled: boolean }): Promise<PayoutRow> {
  const em = () => db.em.fork();
  const known = await em().findOneOrFail(Payout, { code: payoutCode });
  const time = new Date(at);
  const { refundId } = known;
  if (refundId == null) {
    return inDeposit(em(), payoutCode.slice(0, 8), async (tx, locked) => {
      if (!locked) throw new Error(`Payout ${payoutCode} has no deposit`);
      const payout = await lockPayout(tx, payoutCode);
      await advance(tx, payout, { cancelled, at: time });
      return answerRow(tx, payout, locked.shop, at);
    });
  }
  return inOrder(em(), await findOrderCodeOf(em(), refundId), async (tx, locked) => {
    if (!locked) throw new Error(`Payout ${payoutCode} has no order`);
    const payout = await lockPayout(tx, payoutCode);
    const refund = await tx.findOneOrFail(Refund, { id: refundId });
    await advance(tx, payout, { cancelled, at: time }, async (step) => {
      await closeRefund(tx, locked, refund, carriedOut(payout, step), time);
      // Its customer is told by the payout's own notice.
      refund.toldAt = time;
    });
    return answerRow(tx, payout, locked.shop, at, locked.order.code);
  });
}

async function tell({ db, secrets, telegram, door }: Context, { payoutCode, at }: At): Promise<PayoutRow> {
  const read = db.em.fork();
  const payout = await read.findOneOrFail(Payout, { code: payoutCode });
  const shop = await read.findOneOrFail(Shop, { id: payout.shopId });
  if (door) await ringNotice(door, payout.customerId);
  if (door && payout.depositId != null) {
    const depositCode = payoutCode.slice(0, 8);
    const open = await listOpenWork(read, { depositCode });
    if (open.some(({ noun }) => noun === 'commission')) await ringCommission(door, depositCode);
  }
  if (shop.staffChatId != null) {
    const bot = botOf({ secrets, telegram }, shop);
    const chatId = payout.staffChatId ?? shop.staffChatId;
    const view = viewPayout(secrets, payout);
    if (payout.staffVersion < payout.version) {
      const screen = staffPayoutScreen(view, { language: shop.language });
      const messageId = await draw(bot, chatId, payout.staffMessageId ?? null, screen);
      await read.execute(
        `update payout set staff_version = greatest(staff_version, ?), staff_chat_id = ?, staff_message_id = coalesce(?, staff_message_id) where id = ?`,
        [view.version, chatId, messageId, payout.id],
      );
    }
    if (payout.staffReminders > payout.staffRemindersSent) {
      await read.execute('update payout set staff_reminders_sent = ? where id = ?', [payout.staffReminders, payout.id]);
      await sendNotice(bot, chatId, payoutReminder(view, { language: shop.language, since: payout.staffSince.getTime() }));
    }
  }
  const after = db.em.fork();
  const fresh = await after.findOneOrFail(Payout, { code: payoutCode });
  const orderCode = fresh.refundId == null ? null : await findOrderCodeOf(after, fresh.refundId);
  return answerRow(after, fresh, shop, at, orderCode);
}

export type PayoutActivities = ReturnType<typeof createPayoutActivities>;
