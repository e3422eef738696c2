/** Staff judge deposits they see in their bank. The role is looked up at every press; what moves money asks for a second one. */
import type { Composer } from 'grammy';
import { agreeToVerdict, draftVerdict, giveVerdict, type Judged, type VerdictWish } from '../../db/repositories/approval.ts';
import { findDepositOfApproval, findStaffDeposit, markStaffDrawn, type StaffDeposit } from '../../db/repositories/deposit-staff.ts';
import { findStaff } from '../../db/repositories/staff.ts';
import { readReference, readSender } from '../../domain/approval.ts';
import { parseAmount } from '../../domain/money.ts';
import { parseOrderCode } from '../../domain/order-code.ts';
import { mayJudge } from '../../domain/staff.ts';
import { ringFor } from '../../temporal/ring.ts';
import { type Texts, textsOf } from '../../texts/bundle.ts';
import { code } from '../../texts/rich-text.ts';
import { approvalScreen, type ApprovalScreenOptions } from '../../texts/screens/approval.ts';
import { makeScreen } from '../../texts/screens/screen.ts';
import type { BotContext } from '../context.ts';
import { createFeature, onTap } from '../route.ts';
import { patiently, quietly } from '../show.ts';
import { type Admitted, admitJudge, drawPressed } from '../staff-button.ts';

const find = ({ visit }: BotContext, depositCode: string) =>
  findStaffDeposit(visit.em(), visit.services.secrets, { shopId: visit.shop.id, depositCode });
const admit = (ctx: BotContext, depositCode: string | undefined) =>
  admitJudge(
    ctx,
    async () => (depositCode === undefined ? undefined : find(ctx, depositCode)),
    (texts) => texts.say('approval-refused-UnknownDeposit'),
  );
const draw = (ctx: BotContext, depositCode: string, options: Omit<ApprovalScreenOptions, 'language'> = {}) =>
  drawPressed(ctx, () => find(ctx, depositCode), {
    screen: (shown) => approvalScreen(shown, { language: ctx.visit.shop.language, ...options }),
    versionOf: ({ view }) => view.version,
  });

const refusal = (texts: Texts, rejected: string) => `❗ ${texts.say(`approval-refused-${rejected}`)}`;

/** What is to be said of it is written down and shown, with the button that lets it count. */
async function draft(ctx: BotContext, { shown, by, texts }: Admitted<StaffDeposit>, wish: VerdictWish): Promise<ApprovalScreenOptions> {
  const { visit } = ctx;
  const { language } = visit.shop;
  const answer = await draftVerdict(visit.em(), visit.services.secrets, {
    shopId: visit.shop.id,
    depositCode: shown.view.code,
    wish,
    by,
    at: new Date(),
  });
  if (!answer.ok) return { language, notice: refusal(texts, answer.rejected) };
  return { language, asking: { approvalId: answer.approvalId, second: false } };
}

async function letCount(ctx: BotContext, approvalId: number, second: boolean, { shown, by, texts }: Admitted<StaffDeposit>): Promise<void> {
  const { visit } = ctx;
  const { services, shop } = visit;
  const judge = second ? agreeToVerdict : giveVerdict;
  const answer: Judged = await judge(visit.em(), { shopId: shop.id, approvalId, by, at: new Date() });
  if (!answer.ok) return draw(ctx, shown.view.code, { notice: refusal(texts, answer.rejected) });
  const about = { noun: 'deposit', code: shown.view.code } as const;
  await ringFor(services.door, { about, shopId: shop.id, provider: 'manual', objectId: answer.objectId }).catch((err: unknown) =>
    // The row is in the inbox; the relay rings again.
    services.log.warn({ err, shopId: shop.id, code: about.code }, 'a verdict was not rung for'),
  );
  await draw(ctx, shown.view.code);
}

/** `/approve K7Q4-MX2P 50.00 <reference> <sender>`. */
async function approve(ctx: BotContext, text: string, next: () => Promise<void>): Promise<void> {
  const { visit } = ctx;
  const chatId = ctx.chat?.id ?? 0;
  const texts = textsOf(visit.shop.language);
  const staff = ctx.from && (await findStaff(visit.em(), visit.shop.id, ctx.from.id));
  // Elsewhere nobody is told of deposits, and who is no staff has no such command.
  if (!staff || (chatId !== visit.shop.staffChatId && ctx.chat?.type !== 'private')) return next();
  const say = (words: string) => quietly(() => patiently(() => visit.bot.sendMessage(chatId, { text: words })));
  const [, depositText = '', amountText = '', referenceText = '', senderText = ''] = /^(\S+)\s+(\S+)\s+(\S+)\s+(.+)$/s.exec(text) ?? [];
  const usage = texts.sayRich('approval-usage', { command: code('/approve K7Q4-MX2P 50.00 4711/0815 Jan Kowalski') });
  const depositCode = parseOrderCode(depositText);
  if (depositCode === undefined) return void (await quietly(() => visit.bot.sendMessage(chatId, makeScreen(usage))));
  if (!mayJudge(staff.role)) return void (await say(texts.say('staff-role')));
  const admitted = await admit(ctx, depositCode);
  if (!admitted) return void (await say(texts.say('approval-refused-UnknownDeposit')));
  const amount = parseAmount(amountText, admitted.shown.view.currency);
  const reference = readReference(referenceText);
  const sender = readSender(senderText);
  if (amount === undefined || amount === 0) return void (await say(refusal(texts, 'amount')));
  if (reference === undefined) return void (await say(refusal(texts, 'reference')));
  if (sender === undefined) return void (await say(refusal(texts, 'sender')));
  const options = await draft(ctx, admitted, { verdict: 'approve', amount, reference, sender });
  const after = await find(ctx, depositCode);
  if (!after) return;
  // The one message comes down to where it was written, so that nobody has to look for it.
  const { chatId: oldChatId, messageId: oldId } = after.message;
  const messageId = await patiently(() => visit.bot.sendMessage(chatId, approvalScreen(after, options)));
  if (chatId !== visit.shop.staffChatId) return;
  await markStaffDrawn(visit.em(), { depositCode, version: after.view.version, chatId, messageId });
  if (oldId !== null && oldChatId === chatId) await quietly(() => visit.bot.deleteMessage(chatId, oldId));
}

export function createApprovalFeature(): Composer<BotContext> {
  const feature = createFeature();
  feature.command('approve', (ctx, next) => approve(ctx, ctx.match.trim(), next));
  onTap(feature, 'staffDeposit', async (ctx, { depositCode }) => {
    if (await admit(ctx, depositCode)) await draw(ctx, depositCode);
  });
  onTap(feature, 'judge', async (ctx, { depositCode, verdict }) => {
    if (!(await admit(ctx, depositCode))) return;
    ctx.tap?.answer();
    await draw(ctx, depositCode, { asking: verdict });
  });
  onTap(feature, 'rejectFor', async (ctx, { depositCode, reason }) => {
    const admitted = await admit(ctx, depositCode);
    if (!admitted) return;
    ctx.tap?.answer();
    await draw(ctx, depositCode, await draft(ctx, admitted, { verdict: 'reject', reason }));
  });
  onTap(feature, 'verdict', async (ctx, { approvalId, second, confirmed }) => {
    const { visit } = ctx;
    const admitted = await admit(ctx, await findDepositOfApproval(visit.em(), visit.shop.id, approvalId));
    if (!admitted) return;
    if (!confirmed) {
      ctx.tap?.answer();
      return draw(ctx, admitted.shown.view.code, { asking: { approvalId, second } });
    }
    ctx.tap?.answer(admitted.texts.say('staff-doing'));
    await letCount(ctx, approvalId, second, admitted);
  });
  return feature;
}
