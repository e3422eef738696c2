/** Telling staff what their shop's alerts say: in order, each once, marked as it is sent. */
import type { Alert } from '../db/entities/alert.ts';
import { Shop } from '../db/entities/shop.ts';
import { listUntold, markTold } from '../db/repositories/alert.ts';
import { openBotToken } from '../db/repositories/shop.ts';
import { startAlert } from '../temporal/alert.ts';
import { alertScreen } from '../texts/screens/alert.ts';
import type { Screen } from '../texts/screens/screen.ts';
import { textsOfShop } from '../texts/wording.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';
import { heartbeating } from './heartbeat.ts';
import { orUnreachable } from './tell/draw.ts';
import { createQueue } from './tell/queue.ts';
import { tellStage } from './tell/stage.ts';

/** Told at once; what is more waits for the next run. */
const mostAtOnce = 50;

export function createAlertActivities({ db, secrets, telegram, door }: Pick<ActivityContext, 'db' | 'secrets' | 'telegram' | 'door'>) {
  const inTurn = createQueue();

  async function tell(shopId: number, at: Date): Promise<{ told: number }> {
    const em = db.em.fork();
    const shop = await em.findOne(Shop, { id: shopId });
    const token = shop && openBotToken(secrets, shop);
    // Without a bot or a chat they wait until there is one.
    if (!shop || token == null || shop.staffChatId == null) return { told: 0 };
    const bot = telegram.bot(token);
    const send = (screen: Screen) => orUnreachable(() => bot.sendMessage(shop.staffChatId as number, screen));
    /** The stage itself, clean to be passed on; or that there was nothing to send. */
    const tellSend = async (alert: Alert): Promise<number | null> => {
      let messageId: number | null = null;
      const put = async (screen: Screen) => {
        messageId = await send(screen);
        return messageId !== null;
      };
      const sending = { em, shop, texts: textsOfShop(shop, shop.language), sendId: Number(alert.params.sendId), at };
      return (await tellStage(sending, put)) === 'gone' ? send(alertScreen(alert, shop.language)) : messageId;
    };
    const alerts = await listUntold(em, shopId, mostAtOnce);
    for (const alert of alerts) {
      const messageId = alert.kind === 'stageSend' ? await tellSend(alert) : await send(alertScreen(alert, shop.language));
      await markTold(em, { id: alert.id, at, messageId });
    }
    return { told: alerts.length };
  }

  return failing({
    /** Tells a shop's staff the oldest of what they were not told. `at`: workflow time, ms. */
    tellAlerts: ({ shopId, at }: { readonly shopId: number; readonly at: number }): Promise<{ told: number }> =>
      heartbeating(() => inTurn(String(shopId), () => tell(shopId, new Date(at)))),

    /** Starts the telling in these shops; what runs already is left alone. */
    async startAlerts({ shopIds }: { readonly shopIds: readonly number[] }): Promise<void> {
      for (const shopId of shopIds) await startAlert(door, shopId);
    },
  });
}

export type AlertActivities = ReturnType<typeof createAlertActivities>;
