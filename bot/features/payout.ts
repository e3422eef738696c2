/** Payouts in the chat: the customer writes where to and agrees to it; staff approve and say what became of it, each by a second press. */
import type { Composer } from 'grammy';
import type { Judge } from '../../db/repositories/approval.ts';
import {
  approvePayout,
  askDestination,
  closePayout,
  confirmDestination,
  confirmSent,
  digestOf,
  draftSent,
  findPayout,
  findStandingPayouts,
  nameDestination,
  type Said,
} from '../../db/repositories/payout.ts';
import { findStaff } from '../../db/repositories/staff.ts';
import { parsePayoutCode, type PayoutView, readTransaction } from '../../domain/payout.ts';
import { mayJudge } from '../../domain/staff.ts';
import { ringPayout } from '../../temporal/payout.ts';
import { type Texts, textsOf } from '../../texts/bundle.ts';
import type { PayoutAct } from '../../texts/callback.ts';
import { code } from '../../texts/rich-text.ts';
import { payoutScreen, type PayoutScreenOptions, staffPayoutScreen, type StaffPayoutOptions } from '../../texts/screens/payout.ts';
import { makeScreen } from '../../texts/screens/screen.ts';
import { type BotContext, guestOf, type Visit } from '../context.ts';
import { createFeature, onTap } from '../route.ts';
import { patiently, quietly, sendScreen, show } from '../show.ts';
import { admitJudge, drawPressed } from '../staff-button.ts';

const refusal = (texts: Texts, rejected: string) => `❗ ${texts.say(`payout-refused-${rejected}`)}`;

/** What was said is in the row: whether or not this ring arrives, the relay rings again. */
async function ring({ em, services, shop }: Visit, payoutCode: string): Promise<void> {
  const [payout] = await findStandingPayouts(em(), { code: payoutCode });
  if (!payout) return;
  await ringPayout(services.door, payout).catch((err: unknown) =>
    services.log.warn({ err, shopId: shop.id, code: payoutCode }, 'a payout was not rung'),
  );
}

const ownPayout = (ctx: BotContext, id: number): Promise<PayoutView | undefined> => {
  const { em, services, customer } = guestOf(ctx);
  return findPayout(em(), services.secrets, { id, customerId: customer.id });
};

/** Where to? As a screen in the pressed message; a payout of somebody else is none. */
async function openPayout(ctx: BotContext, payoutId: number, options: PayoutScreenOptions = {}): Promise<void> {
  const { texts } = guestOf(ctx);
  const view = await ownPayout(ctx, payoutId);
  if (!view) return void ctx.tap?.answer(texts.say('payout-refused-UnknownPayout'), true);
  await show(ctx, payoutScreen(texts, view, { ...options, digest: view.destination === null ? undefined : digestOf(view.destination) }));
}

/** The next message of a customer whose destination is awaited. */
async function takeDestination(ctx: BotContext, text: string, next: () => Promise<void>): Promise<void> {
  const guest = guestOf(ctx);
  const payoutId = text.startsWith('/') ? null : (await guest.awaited()).payoutId;
  if (payoutId === null) return next();
  const named = await nameDestination(guest.em(), guest.services.secrets, {
    id: payoutId,
    customerId: guest.customer.id,
    text,
    at: new Date(),
  });
  const view = await ownPayout(ctx, payoutId);
  if (!view) return next();
  const digest = view.destination === null ? undefined : digestOf(view.destination);
  const misfit = 'misfit' in named ? named.misfit : undefined;
  await sendScreen(guest, payoutScreen(guest.texts, view, { isAsking: true, misfit, digest: misfit === undefined ? digest : undefined }));
}

async function confirm(ctx: BotContext, payoutId: number, digest: string): Promise<void> {
  const guest = guestOf(ctx);
  const said = await confirmDestination(guest.em(), guest.services.secrets, {
    id: payoutId,
    customerId: guest.customer.id,
    digest,
    at: new Date(),
  });
  if (said.ok) await ring(guest, said.code);
  else ctx.tap?.answer(guest.texts.say(`payout-refused-${said.rejected}`), true);
  await openPayout(ctx, payoutId);
}

const find = ({ visit }: BotContext, id: number) => findPayout(visit.em(), visit.services.secrets, { id, shopId: visit.shop.id });
const admit = (ctx: BotContext, payoutId: number) =>
  admitJudge(
    ctx,
    () => find(ctx, payoutId),
    (texts) => texts.say('payout-refused-UnknownPayout'),
  );
const draw = (ctx: BotContext, payoutId: number, options: Omit<StaffPayoutOptions, 'language'> = {}) =>
  drawPressed(ctx, () => find(ctx, payoutId), {
    screen: (shown) => staffPayoutScreen(shown, { language: ctx.visit.shop.language, ...options }),
    versionOf: ({ version }) => version,
  });

function carryOut(visit: Visit, act: PayoutAct, id: number, by: Judge): Promise<Said> {
  const word = { id, shopId: visit.shop.id, by, at: new Date() };
  switch (act) {
    case 'approve':
    case 'second':
      return approvePayout(visit.em(), word);
    case 'sent':
      return confirmSent(visit.em(), word);
    case 'arrived':
      return closePayout(visit.em(), { ...word, word: 'succeeded' });
    case 'refuse':
      return closePayout(visit.em(), { ...word, word: 'failed', failure: 'refused' });
    case 'destination':
    case 'cameBack':
      return closePayout(visit.em(), { ...word, word: 'failed', failure: act });
  }
}

async function act(
  ctx: BotContext,
  { act: what, payoutId, confirmed }: { act: PayoutAct; payoutId: number; confirmed: boolean },
): Promise<void> {
  const admitted = await admit(ctx, payoutId);
  if (!admitted) return;
  const { by, texts } = admitted;
  if (!confirmed) {
    ctx.tap?.answer();
    return draw(ctx, payoutId, { asking: what });
  }
  ctx.tap?.answer(texts.say('staff-doing'));
  const said = await carryOut(ctx.visit, what, payoutId, by);
  if (!said.ok) return draw(ctx, payoutId, { notice: refusal(texts, said.rejected) });
  await ring(ctx.visit, said.code);
  await draw(ctx, payoutId);
}

/** `/sent K7Q4-MX2P-r1 <transaction>`: written down and shown, with the button that lets it count. */
async function draftTransaction(ctx: BotContext, text: string, next: () => Promise<void>): Promise<void> {
  const { visit } = ctx;
  const chatId = ctx.chat?.id ?? 0;
  const texts = textsOf(visit.shop.language);
  const staff = ctx.from && (await findStaff(visit.em(), visit.shop.id, ctx.from.id));
  // Elsewhere nobody is told of payouts, and who is no staff has no such command.
  if (!staff || (chatId !== visit.shop.staffChatId && ctx.chat?.type !== 'private')) return next();
  const say = (words: string) => quietly(() => patiently(() => visit.bot.sendMessage(chatId, { text: words })));
  const [codeText = '', transactionText = ''] = text.split(/\s+/, 3);
  const payoutCode = parsePayoutCode(codeText);
  if (payoutCode === undefined) {
    const usage = texts.sayRich('approval-usage', { command: code('/sent K7Q4-MX2P-r1 4711/0815') });
    return void (await quietly(() => visit.bot.sendMessage(chatId, makeScreen(usage))));
  }
  if (!mayJudge(staff.role)) return void (await say(texts.say('staff-role')));
  const view = await findPayout(visit.em(), visit.services.secrets, { code: payoutCode });
  if (view?.shopId !== visit.shop.id) return void (await say(refusal(texts, 'UnknownPayout')));
  const transaction = readTransaction(transactionText);
  if (transaction === undefined) return void (await say(refusal(texts, 'transaction')));
  const by = { actor: `staff:${staff.id}`, telegramUserId: ctx.from?.id };
  const said = await draftSent(visit.em(), { id: view.id, shopId: visit.shop.id, by, at: new Date(), transaction });
  if (!said.ok) return void (await say(refusal(texts, said.rejected)));
  const after = await find(ctx, view.id);
  if (!after) return;
  const screen = staffPayoutScreen(after, { language: visit.shop.language, asking: 'sent' });
  await quietly(() => patiently(() => visit.bot.sendMessage(chatId, screen)));
}

export function createPayoutFeature(): Composer<BotContext> {
  const feature = createFeature();
  onTap(feature, 'payout', (ctx, { payoutId }) => openPayout(ctx, payoutId));
  onTap(feature, 'payoutName', async (ctx, { payoutId }) => {
    const { em, customer } = guestOf(ctx);
    await askDestination(em(), { id: payoutId, customerId: customer.id }, new Date());
    await openPayout(ctx, payoutId, { isAsking: true });
  });
  onTap(feature, 'payoutConfirm', (ctx, { payoutId, digest }) => confirm(ctx, payoutId, digest));
  feature.chatType('private').on('message:text', (ctx, next) => takeDestination(ctx, ctx.message.text, next));
  return feature;
}

export function createStaffPayoutFeature(): Composer<BotContext> {
  const feature = createFeature();
  feature.command('sent', (ctx, next) => draftTransaction(ctx, ctx.match.trim(), next));
  onTap(feature, 'staffPayout', async (ctx, { payoutId }) => {
    if (await admit(ctx, payoutId)) await draw(ctx, payoutId);
  });
  onTap(feature, 'payoutHow', async (ctx, { payoutId }) => {
    if (!(await admit(ctx, payoutId))) return;
    ctx.tap?.answer();
    await draw(ctx, payoutId, { asking: 'howSent' });
  });
  onTap(feature, 'payoutAct', act);
  return feature;
}
