/** Telling a customer what their notices say. */
import { Customer } from '../db/entities/customer.ts';
import { Shop } from '../db/entities/shop.ts';
import { listUntold, markTold } from '../db/repositories/notice.ts';
import { noticeScreen } from '../texts/screens/notice.ts';
import { botOf } from './bot.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';
import { heartbeating } from './heartbeat.ts';
import { sendNotice } from './tell/notices.ts';
import { createQueue } from './tell/queue.ts';
import { tellStage } from './tell/stage.ts';
import { textsOfShop } from '../texts/wording.ts';

interface Telling {
  readonly customerId: number;
  /** Workflow time, ms since epoch. */
  readonly at: number;
}

export function createNoticeActivities({ db, secrets, telegram }: Pick<ActivityContext, 'db' | 'secrets' | 'telegram'>) {
  // A first try that was given up as too slow may still be sending when the next begins.
  const inTurn = createQueue();
  return failing({
    /** Sends what a customer was not told yet, and marks each: killed in between, one may come twice. */
    sendNotices: (telling: Telling): Promise<void> => heartbeating(() => inTurn(String(telling.customerId), () => send(telling))),
  });

  async function send({ customerId, at }: Telling): Promise<void> {
    const em = db.em.fork();
    const notices = await listUntold(em, customerId);
    if (notices.length === 0) return;
    const customer = await em.findOneOrFail(Customer, { id: customerId });
    const shop = await em.findOneOrFail(Shop, { id: customer.shopId });
    const bot = botOf({ secrets, telegram }, shop);
    const texts = textsOfShop(shop, customer.language);
    for (const { id, content } of notices) {
      if (content.kind === 'stage')
        await tellStage({ em, shop, texts, ...content, at: new Date(at) }, (screen) => sendNotice(bot, customer.chatId, screen));
      else await sendNotice(bot, customer.chatId, noticeScreen(content, texts));
      await markTold(em, id, new Date(at));
    }
  }
}

export type NoticeActivities = ReturnType<typeof createNoticeActivities>;
