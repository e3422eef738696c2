/** Sends an order's goods. A secret goes out once: a send that may have happened is followed by a "show" button, never by the secret again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { kindTraits } from '../../domain/product.ts';
import type { OrderLineView, OrderView } from '../../domain/order.ts';
import type { Order } from '../../db/entities/order.ts';
import { Photo } from '../../db/entities/photo.ts';
import type { EntityManager } from '../../db/orm.ts';
import { listLessons } from '../../db/repositories/catalogue.ts';
import { readCredits } from '../../db/repositories/credit.ts';
import { claimDelivery, markSent, markUnsent, openGoods } from '../../db/repositories/delivery.ts';
import type { Secrets } from '../../db/secrets.ts';
import { TelegramError, type TelegramBot } from '../../gateways/telegram.ts';
import type { Texts } from '../../texts/bundle.ts';
import { fileCaption, goodsHiddenMessage, goodsMessage, grantMessage, pickupMessage, thanksMessage } from '../../texts/screens/goods.ts';

/** Telegram's limit for the text under a photo. */
const captionLimit = 1024;

/** How long to wait before it is noted again that something was sent, ms; after the last, all of it is tried again. */
const notePauses = [0, 50, 500, 2_000, 5_000, 10_000];

export interface GoodsTelling {
  readonly em: EntityManager;
  readonly secrets: Secrets;
  readonly bot: TelegramBot;
  readonly chatId: number;
  readonly view: OrderView;
  readonly texts: Texts;
  readonly at: Date;
}

/** Sends every line that waits. @returns the order when that delivered it @throws the first error, after all lines were tried. */
export async function tellGoods(telling: GoodsTelling): Promise<Order | undefined> {
  let failed: unknown;
  let delivered: Order | undefined;
  for (const line of telling.view.lines) {
    try {
      delivered = (await tellLine(telling, line)) ?? delivered;
    } catch (err) {
      failed ??= err;
    }
  }
  if (failed) throw failed;
  return delivered;
}

async function tellLine(telling: GoodsTelling, line: OrderLineView): Promise<Order | undefined> {
  const { em, at } = telling;
  const { delivery } = line;
  if (delivery?.status !== 'waiting' && delivery?.status !== 'sending') return undefined;
  const begun = delivery.status === 'sending';
  const { handover } = kindTraits[line.kind];
  const isSecret = handover === 'secret';
  const progress = { isPartSent: false };
  // What an earlier send may have shown counts as shown: a refund must not sell it again.
  const units = await claimDelivery(em, { id: delivery.id, status: delivery.status, shownAt: isSecret && begun ? at : null });
  if (!units) return undefined;
  try {
    const messageId = isSecret
      ? await sendSecret(telling, line, begun ? undefined : units, progress)
      : await sendPlain[handover](telling, line);
    return await noting(() => markSent(em, { id: delivery.id, messageId, sentAt: at, shownAt: isSecret && !begun ? at : null }));
  } catch (err) {
    // Only a call without an answer may have had its effect, or those before the one that failed.
    const unknown = progress.isPartSent || !(err instanceof TelegramError) || err.kind === 'unreachable';
    await markUnsent(em, {
      id: delivery.id,
      status: unknown || begun ? 'sending' : 'waiting',
      error: err instanceof TelegramError ? err.kind : 'failed',
    });
    throw err;
  }
}

/**
 * What is in the chat and not in its row is followed by another message: a note that a deadlock broke off is made again at once, one that the
 * database does not take now, within seconds. Whoever is to send these goods next waits meanwhile (tell/queue.ts).
 */
async function noting<Noted>(note: () => Promise<Noted>): Promise<Noted> {
  for (const pauseMs of notePauses) {
    try {
      return await note();
    } catch {
      await sleep(pauseMs);
    }
  }
  return note();
}

/** Without `units` an earlier try may have shown them. */
async function sendSecret(
  { em, secrets, bot, chatId, view, texts }: GoodsTelling,
  line: OrderLineView,
  units: Parameters<typeof openGoods>[3] | undefined,
  progress: { isPartSent: boolean },
): Promise<number> {
  if (!units) return bot.sendMessage(chatId, goodsHiddenMessage(line, view, texts));
  const goods = await openGoods(em, secrets, line, units);
  const sends: (() => Promise<number>)[] = goods.files.map(({ name, read }) => async () => {
    return bot.sendDocument(chatId, { name, bytes: await read() }, fileCaption(line, view, texts), { protect: false });
  });
  if (goods.texts.length > 0 || sends.length === 0) {
    const { document, screen } = goodsMessage(line, goods.texts, view, texts);
    sends.unshift(() => (document ? bot.sendDocument(chatId, document, screen, { protect: false }) : bot.sendMessage(chatId, screen)));
  }
  let messageId = 0;
  for (const send of sends) {
    messageId = await send();
    progress.isPartSent = true;
  }
  return messageId;
}

/** Goods that hold nothing secret: all of it may be sent again. */
const sendPlain = { code: sendPickup, grant: sendGrant, thanks: sendThanks } as const;

/** What the customer may from now on. */
async function sendGrant({ em, bot, chatId, view, texts }: GoodsTelling, line: OrderLineView): Promise<number> {
  const [lessons, credits] = await Promise.all([
    listLessons(em.fork(), line.productId),
    line.creditAmount === null ? null : readCredits(em.fork(), view),
  ]);
  const titles = lessons.map(({ title }) => title);
  return bot.sendMessage(chatId, grantMessage(line, { lessons: titles, credits }, view, texts));
}

function sendThanks({ bot, chatId, view, texts }: GoodsTelling, line: OrderLineView): Promise<number> {
  return bot.sendMessage(chatId, thanksMessage(line, view, texts));
}

/** The place with photo, pin and handover code. The code is no secret worth hiding from its owner, so all of it may be sent again. */
async function sendPickup({ em, bot, chatId, view, texts }: GoodsTelling, line: OrderLineView): Promise<number> {
  const message = pickupMessage(line, view, texts);
  const point = line.pickupPoint;
  if (point?.latitude != null && point.longitude != null) {
    await bot.sendVenue(chatId, { latitude: point.latitude, longitude: point.longitude, title: point.name, address: point.address });
  }
  const photo = point?.photoId == null ? null : await em.findOne(Photo, { id: point.photoId }, { populate: ['bytes'] });
  if (!photo) return bot.sendMessage(chatId, message);
  const short = message.text.length <= captionLimit;
  const source = photo.telegramFileId ? { fileId: photo.telegramFileId } : { bytes: photo.bytes, mediaType: photo.mediaType };
  const sent = await bot.sendPhoto(chatId, source, short ? message : undefined);
  if (!photo.telegramFileId) await em.execute('update photo set telegram_file_id = ? where id = ?', [sent.fileId, photo.id]);
  return short ? sent.messageId : bot.sendMessage(chatId, message);
}
