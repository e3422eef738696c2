/** Telling of a deposit that staff judge: their one message, the receipts, reminders, and the customer of an end without money. */
import {
  findRejectionReason,
  findStaffDeposit,
  isEndUntold,
  isForStaff,
  markEndTold,
  markStaffDrawn,
  markStaffReminded,
} from '../../db/repositories/deposit-staff.ts';
import type { FoundDeposit } from '../../db/repositories/deposit.ts';
import { listUntoldReceipts, markReceiptTold } from '../../db/repositories/transfer-receipt.ts';
import type { EntityManager } from '../../db/orm.ts';
import type { Secrets } from '../../db/secrets.ts';
import { providerOfMethod, providerTraits } from '../../domain/payment.ts';
import type { TelegramBot } from '../../gateways/telegram.ts';
import { approvalReminder, approvalScreen, receiptCaption, rejectionNotice } from '../../texts/screens/approval.ts';
import { textsOfShop } from '../../texts/wording.ts';
import { draw, orUnreachable } from '../tell/draw.ts';
import { sendNotice } from '../tell/notices.ts';

interface Telling {
  readonly em: EntityManager;
  readonly bot: TelegramBot;
  readonly found: FoundDeposit;
  readonly at: Date;
}

/** Draws the staff's one message, puts new receipts below it, and reminds them when nobody has judged. */
export async function tellStaff({ em, secrets, bot, found, at }: Telling & { readonly secrets: Secrets }): Promise<void> {
  const { deposit, shop, view } = found;
  if (shop.staffChatId == null || providerTraits[providerOfMethod[view.method]].verdictBy !== 'staff') return;
  if (deposit.staffMessageId == null && !(await isForStaff(em, deposit))) return;
  const chatId = deposit.staffChatId ?? shop.staffChatId;
  if (deposit.staffVersion < view.version) {
    const shown = await findStaffDeposit(em, secrets, { shopId: shop.id, depositCode: view.code });
    if (!shown) return;
    const messageId = await draw(bot, chatId, deposit.staffMessageId ?? null, approvalScreen(shown, { language: shop.language }));
    await markStaffDrawn(em, { depositCode: view.code, version: shown.view.version, chatId, messageId });
  }
  for (const { id, mediaType, bytes } of await listUntoldReceipts(em, secrets, deposit.id)) {
    const caption = receiptCaption(view.code, shop.language);
    await orUnreachable(async () =>
      mediaType === 'image/jpeg'
        ? (await bot.sendPhoto(chatId, { bytes, mediaType }, caption)).messageId
        : bot.sendDocument(chatId, { name: `receipt-${view.code}.pdf`, bytes }, caption),
    );
    await markReceiptTold(em, id, at);
  }
  if (view.status === 'seen' && deposit.reminders > deposit.remindersSent && (await markStaffReminded(em, deposit.id, deposit.reminders))) {
    await sendNotice(bot, chatId, approvalReminder(view, { language: shop.language, since: deposit.seenAt?.getTime() ?? at.getTime() }));
  }
}

/** An end without money is said in a message of its own, since an edit makes no sound. */
export async function tellEnd({
  em,
  bot,
  found: { deposit, shop, view },
  chatId,
  at,
}: Telling & { readonly chatId: number }): Promise<void> {
  if (!isEndUntold(deposit) || !(await markEndTold(em, deposit.id, at))) return;
  const reason = view.status === 'rejected' ? await findRejectionReason(em, deposit.id) : undefined;
  await sendNotice(bot, chatId, rejectionNotice(view, reason, textsOfShop(shop, view.language)));
}
