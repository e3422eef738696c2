/** The staff's buttons. The role is looked up at every press; refund and cancel ask for a second one. */
import type { Composer } from 'grammy';
import { findOrderView } from '../../db/repositories/order.ts';
import { findStaff } from '../../db/repositories/staff.ts';
import type { OrderView } from '../../domain/order.ts';
import { mayAct, type StaffAct } from '../../domain/staff.ts';
import { handOverOrder, resendOrder } from '../../temporal/delivery.ts';
import { isLater } from '../../temporal/deadline.ts';
import { cancelOrder } from '../../temporal/order.ts';
import { requestRefund } from '../../temporal/refund.ts';
import { type Texts, textsOf } from '../../texts/bundle.ts';
import type { Callback } from '../../texts/callback.ts';
import { rejectionText } from '../../texts/screens/rejection.ts';
import { staffScreen } from '../../texts/screens/staff.ts';
import type { BotContext } from '../context.ts';
import { createFeature, onTap } from '../route.ts';
import { quietly } from '../show.ts';

type Act = Extract<Callback, { to: 'act' }>;
type Asking = 'refund' | 'cancel';

/** Draws the pressed message anew. */
async function draw(ctx: BotContext, view: OrderView, options: { asking?: Asking; notice?: string | undefined } = {}): Promise<void> {
  const { visit } = ctx;
  const message = ctx.callbackQuery?.message;
  if (!message || message.date === 0) return;
  // Drawn again when the order changed meanwhile: the workers draw this message too.
  for (let drawn = view; ; ) {
    const screen = staffScreen(drawn, { customerId: drawn.customerId, language: visit.shop.language, ...options });
    await quietly(() => visit.bot.editMessageText(message.chat.id, message.message_id, screen));
    const after = await findOrderView(visit.em(), drawn.code);
    if (!after || after.version === drawn.version) return;
    drawn = after;
  }
}

/** Order and staff member behind a press; answers the press itself when one of them does not fit. */
async function admit(
  ctx: BotContext,
  orderCode: string,
  act?: StaffAct,
): Promise<{ view: OrderView; actor: string; texts: Texts } | undefined> {
  const { visit } = ctx;
  const texts = textsOf(visit.shop.language);
  const staff = ctx.from && (await findStaff(visit.em(), visit.shop.id, ctx.from.id));
  if (!staff) {
    ctx.tap?.answer(texts.say('staff-not-you'), true);
    return undefined;
  }
  if (act && !mayAct(staff.role, act)) {
    ctx.tap?.answer(texts.say('staff-role'), true);
    return undefined;
  }
  const view = await findOrderView(visit.em(), orderCode);
  if (!view || view.shopId !== visit.shop.id) {
    ctx.tap?.answer(rejectionText('UnknownOrder', texts), true);
    return undefined;
  }
  return { view, actor: `staff:${staff.id}`, texts };
}

type Outcome = { readonly done: true } | { readonly rejected: string } | { readonly later: true };

async function carryOut(ctx: BotContext, callback: Act, view: OrderView, actor: string): Promise<Outcome> {
  const { door } = ctx.visit.services;
  const { orderCode, lineId } = callback;
  const answer = await {
    resend: () => resendOrder(door, { orderCode, actor }),
    handOver: () => handOverOrder(door, { orderCode, orderLineId: lineId, actor }),
    cancel: () => cancelOrder(door, orderCode, { by: 'staff', actor }),
    refund: () => requestRefund(door, { orderCode, actor, reason: 'staff', number: view.refunds.length + 1 }),
  }[callback.act]();
  if (isLater(answer)) return { later: true };
  if ('closed' in answer) return { rejected: view.paidAt === null ? 'AlreadyEnded' : 'AlreadyPaid' };
  return answer.ok ? { done: true } : { rejected: answer.rejected };
}

async function act(ctx: BotContext, callback: Act): Promise<void> {
  const admitted = await admit(ctx, callback.orderCode, callback.act);
  if (!admitted) return;
  const { view, actor, texts } = admitted;
  if ((callback.act === 'refund' || callback.act === 'cancel') && !callback.confirmed) {
    ctx.tap?.answer();
    return draw(ctx, view, { asking: callback.act });
  }
  ctx.tap?.answer(texts.say('staff-doing'));
  const outcome = await carryOut(ctx, callback, view, actor);
  const after = (await findOrderView(ctx.visit.em(), callback.orderCode)) ?? view;
  await draw(ctx, after, { notice: tellOutcome(texts, callback.act, outcome) });
}

/** What the message does not show by itself. A refund may be done before this is drawn: its own line says how far it is. */
function tellOutcome(texts: Texts, act: StaffAct, outcome: Outcome): string | undefined {
  if ('done' in outcome) return act === 'resend' ? texts.say('staff-done-resend') : undefined;
  return `❗ ${'later' in outcome ? texts.say('staff-later') : rejectionText(outcome.rejected, texts)}`;
}

export function createStaffFeature(): Composer<BotContext> {
  const feature = createFeature();
  onTap(feature, 'act', act);
  onTap(feature, 'staff', async (ctx, { orderCode }) => {
    const admitted = await admit(ctx, orderCode);
    if (admitted) await draw(ctx, admitted.view);
  });
  feature.chatType(['group', 'supergroup']).command('help', async (ctx) => {
    const { visit } = ctx;
    if (!(await findStaff(visit.em(), visit.shop.id, ctx.from.id))) return;
    await visit.bot.sendMessage(ctx.chat.id, { text: textsOf(visit.shop.language).say('staff-help') });
  });
  return feature;
}
