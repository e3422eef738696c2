/** Receipts of transfers: a photo or document sent while a transfer waits, and the codes nobody should send. */
import type { Composer } from 'grammy';
import { countWaitingFor, findDepositForReceipt, saveReceipt } from '../../db/repositories/transfer-receipt.ts';
import { formatOrderCode, parseOrderCode } from '../../domain/order-code.ts';
import { ringFor } from '../../temporal/ring.ts';
import { receiptScreen, type ReceiptAnswer } from '../../texts/screens/transfer.ts';
import { type BotContext, type CustomerVisit, guestOf } from '../context.ts';
import { mostReceiptBytes, readReceiptFile } from '../receipt-file.ts';
import { createFeature } from '../route.ts';
import { quietly, sendScreen } from '../show.ts';

/** The file of a message, the largest of a photo's sizes. */
function fileOf({ message }: BotContext): { readonly fileId: string; readonly size: number } | undefined {
  const file = message?.photo?.at(-1) ?? message?.document;
  return file && { fileId: file.file_id, size: file.file_size ?? 0 };
}

/** Codes of top-ups the customer names: in the caption, or by answering to a message that shows one. */
function namedIn({ message }: BotContext): string[] {
  const words = [message?.caption, message?.reply_to_message?.text].join(' ').split(/[^0-9A-Za-z-]+/);
  return words.flatMap((word) => parseOrderCode(word) ?? []).slice(0, 50);
}

async function take(guest: CustomerVisit, file: { fileId: string; size: number }, depositId: number, code: string): Promise<ReceiptAnswer> {
  const { em, services, shop, bot } = guest;
  if (file.size > mostReceiptBytes) return 'tooBig';
  const bytes = await bot.downloadFile(file.fileId, mostReceiptBytes);
  if (!bytes) return 'tooBig';
  const read = await readReceiptFile(bytes);
  if (!read) return 'notReadable';
  const saved = await saveReceipt(em(), services.secrets, { depositId, file: read, at: new Date() });
  if (saved.status !== 'saved') return saved.status;
  await ringFor(services.door, { about: { noun: 'deposit', code }, shopId: shop.id, provider: 'manual', objectId: saved.objectId }).catch(
    // The row is in the inbox; the relay rings again.
    (err: unknown) => services.log.warn({ err, shopId: shop.id, code }, 'a receipt was not rung for'),
  );
  return 'taken';
}

/** Six digits alone, as banks' apps show them. */
const blikCode = /^\s*\d{3}[\s-]?\d{3}\s*$/;

export function createReceiptFeature(): Composer<BotContext> {
  const feature = createFeature();
  feature.on(['message:photo', 'message:document'], async (ctx, next) => {
    const guest = guestOf(ctx);
    const file = fileOf(ctx);
    const at = new Date();
    const deposit = file && (await findDepositForReceipt(guest.em(), { customerId: guest.customer.id, named: namedIn(ctx), at }));
    if (!file || !deposit) return next();
    const answer = await take(guest, file, deposit.id, deposit.code);
    await sendScreen(guest, receiptScreen(guest.texts, answer, { code: deposit.code, shownCode: formatOrderCode(deposit.code) }));
  });
  feature.on('message:text', async (ctx, next) => {
    const guest = guestOf(ctx);
    if (!blikCode.test(ctx.message.text) || (await countWaitingFor(guest.em(), guest.customer.id, 'blik')) === 0) return next();
    await quietly(() => guest.bot.deleteMessage(guest.chatId, ctx.message.message_id));
    await sendScreen(guest, { text: guest.texts.say('transfer-blik-code'), entities: [] });
  });
  return feature;
}
