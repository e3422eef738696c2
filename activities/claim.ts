/** The steps of a claim: what was said of it, carried out; and telling staff. */
import { Claim } from '../db/entities/claim.ts';
import { Order } from '../db/entities/order.ts';
import { Shop } from '../db/entities/shop.ts';
import { viewClaim } from '../db/repositories/claim.ts';
import { restartDelivery } from '../temporal/delivery.ts';
import { claimReminderScreen, staffClaimScreen } from '../texts/screens/claim.ts';
import type { ClaimRow } from '../workflows/messages/claim.ts';
import { advance, answerClaim, lockClaim } from './claim/advance.ts';
import { botOf } from './bot.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';
import { heartbeating } from './heartbeat.ts';
import { inOrder } from './order/row.ts';
import { draw } from './tell/draw.ts';
import { sendNotice } from './tell/notices.ts';
import { createQueue } from './tell/queue.ts';

/** `at`: workflow time, ms since epoch. */
interface At {
  readonly claimCode: string;
  readonly at: number;
}

type Context = Pick<ActivityContext, 'db' | 'secrets' | 'telegram'> & Partial<Pick<ActivityContext, 'door'>>;

export function createClaimActivities(context: Context) {
  const inTurn = createQueue();
  return failing({
    /** Carries out what people say of it: replaces, refunds, refuses, or ends it because its customer took it back. */
    advanceClaim: (wish: Wish): Promise<ClaimRow> => carryOut(context, wish),

    /** Draws the staff's one message, and reminds them. */
    tellClaim: (telling: At): Promise<void> => heartbeating(() => inTurn(telling.claimCode, () => tell(context, telling))),

    /** Has goods that were given instead of others sent. Without a door nobody does it: the relay will. */
    startDelivery: ({ orderCode }: { readonly orderCode: string }): Promise<boolean> =>
      context.door ? restartDelivery(context.door, orderCode) : Promise.resolve(false),
  });
}

type Wish = At & { readonly cancelled: boolean };

async function carryOut({ db }: Context, { claimCode, cancelled, at }: Wish): Promise<ClaimRow> {
  const read = db.em.fork();
  const known = await read.findOneOrFail(Claim, { code: claimCode });
  const { code: orderCode } = await read.findOneOrFail(Order, { id: known.orderId }, { fields: ['code'] });
  return inOrder(db.em.fork(), orderCode, async (tx, locked) => {
    if (!locked) throw new Error(`Claim ${claimCode} has no order`);
    const claim = await lockClaim(tx, claimCode);
    await advance(tx, locked, claim, { cancelled, at: new Date(at) });
    return answerClaim(tx, claim, locked.shop, at);
  });
}

async function tell({ db, secrets, telegram }: Context, { claimCode }: At): Promise<void> {
  const em = db.em.fork();
  const claim = await em.findOneOrFail(Claim, { code: claimCode });
  const shop = await em.findOneOrFail(Shop, { id: claim.shopId });
  if (shop.staffChatId == null) return;
  const bot = botOf({ secrets, telegram }, shop);
  const chatId = claim.staffChatId ?? shop.staffChatId;
  const view = await viewClaim(em, secrets, claim);
  if (claim.staffVersion < claim.version) {
    const messageId = await draw(bot, chatId, claim.staffMessageId ?? null, staffClaimScreen(view, { language: shop.language }));
    await em.execute(
      `update claim set staff_version = greatest(staff_version, ?), staff_chat_id = ?, staff_message_id = coalesce(?, staff_message_id) where id = ?`,
      [view.version, chatId, messageId, claim.id],
    );
  }
  if (claim.staffReminders > claim.staffRemindersSent) {
    await em.execute('update claim set staff_reminders_sent = ? where id = ?', [claim.staffReminders, claim.id]);
    await sendNotice(bot, chatId, claimReminderScreen(view, { language: shop.language }));
  }
}

export type ClaimActivities = ReturnType<typeof createClaimActivities>;
