/** Claims in the chat: the customer says which piece is faulty and how; staff replace it, refund it or refuse, each by a second press. */
import type { Composer } from 'grammy';
import type { Judge } from '../../db/repositories/approval.ts';
import {
  askClaim,
  describeClaim,
  findAskedClaim,
  findClaim,
  judgeClaim,
  listClaimable,
  withdrawClaim,
} from '../../db/repositories/claim.ts';
import { findStaff } from '../../db/repositories/staff.ts';
import type { ClaimReason, ClaimRejection, ClaimVerdict, ClaimView } from '../../domain/claim.ts';
import { mayJudge } from '../../domain/staff.ts';
import { ringClaim } from '../../temporal/claim.ts';
import { type Texts, textsOf } from '../../texts/bundle.ts';
import { claimableScreen, claimScreen, staffClaimScreen, type StaffClaimOptions } from '../../texts/screens/claim.ts';
import { type BotContext, guestOf, type Visit } from '../context.ts';
import { createFeature, onTap } from '../route.ts';
import { patiently, quietly, sendScreen, show } from '../show.ts';

const refusal = (texts: Texts, rejected: ClaimRejection) => texts.say(`claim-rejected-${rejected}`);

/** What was said is in the row: whether or not this ring arrives, the relay rings again. */
async function ring({ services, shop }: Visit, claimCode: string): Promise<void> {
  await ringClaim(services.door, claimCode).catch((err: unknown) =>
    services.log.warn({ err, shopId: shop.id, code: claimCode }, 'a claim was not rung'),
  );
}

async function openPieces(ctx: BotContext, orderCode: string, notice?: string): Promise<void> {
  const { em, customer, texts } = guestOf(ctx);
  const pieces = await listClaimable(em(), { orderCode, customerId: customer.id, at: Date.now() });
  await show(ctx, claimableScreen(texts, orderCode, pieces, notice));
}

async function openClaim(ctx: BotContext, claimId: number, notice?: string): Promise<void> {
  const { em, services, customer, texts } = guestOf(ctx);
  const view = await findClaim(em(), services.secrets, { id: claimId, customerId: customer.id });
  if (!view) return void ctx.tap?.answer(refusal(texts, 'UnknownClaim'), true);
  await show(ctx, claimScreen(texts, view, notice));
}

/** The next message of a customer who is to say what is wrong. */
async function takeDescription(ctx: BotContext, text: string, next: () => Promise<void>): Promise<void> {
  const guest = guestOf(ctx);
  const { em, services, customer, texts } = guest;
  const id = text.startsWith('/') ? undefined : await findAskedClaim(em(), customer.id, new Date());
  if (id === undefined) return next();
  const said = await describeClaim(em(), services.secrets, { id, customerId: customer.id, text, at: new Date() });
  if (!said.ok) return next();
  await ring(guest, said.code);
  const view = await findClaim(em(), services.secrets, { id, customerId: customer.id });
  if (view) await sendScreen(guest, claimScreen(texts, view));
}

export function createClaimFeature(): Composer<BotContext> {
  const feature = createFeature();
  onTap(feature, 'claims', (ctx, { orderCode }) => openPieces(ctx, orderCode));
  onTap(feature, 'claimStatus', (ctx, { claimId }) => openClaim(ctx, claimId));

  onTap(feature, 'claim', async (ctx, { orderCode, lineId, unitId }) => {
    const { em, customer, texts } = guestOf(ctx);
    const asked = await askClaim(em(), { orderCode, customerId: customer.id, lineId, unitId, at: new Date() });
    if (asked.ok) await openClaim(ctx, asked.claimId);
    else await openPieces(ctx, orderCode, refusal(texts, asked.rejected));
  });

  onTap(feature, 'claimWithdraw', async (ctx, { claimId }) => {
    const guest = guestOf(ctx);
    const said = await withdrawClaim(guest.em(), { id: claimId, customerId: guest.customer.id, at: new Date() });
    if (said.ok) await ring(guest, said.code);
    await openClaim(ctx, claimId, said.ok ? undefined : refusal(guest.texts, said.rejected));
  });
  feature.chatType('private').on('message:text', (ctx, next) => takeDescription(ctx, ctx.message.text, next));
  return feature;
}

interface Admitted {
  readonly view: ClaimView;
  readonly by: Judge;
  readonly texts: Texts;
}

const find = ({ visit }: BotContext, id: number) => findClaim(visit.em(), visit.services.secrets, { id, shopId: visit.shop.id });

/** Claim and staff member behind a press; answers the press itself when one of them does not fit. */
async function admit(ctx: BotContext, claimId: number): Promise<Admitted | undefined> {
  const { visit } = ctx;
  const texts = textsOf(visit.shop.language);
  const staff = ctx.from && (await findStaff(visit.em(), visit.shop.id, ctx.from.id));
  if (!staff || !mayJudge(staff.role)) {
    ctx.tap?.answer(texts.say(staff ? 'staff-role' : 'staff-not-you'), true);
    return undefined;
  }
  const view = await find(ctx, claimId);
  if (!view || view.status === 'asked') ctx.tap?.answer(refusal(texts, 'UnknownClaim'), true);
  return view && view.status !== 'asked' ? { view, by: { actor: `staff:${staff.id}`, telegramUserId: ctx.from?.id }, texts } : undefined;
}

/** Draws the pressed message anew, until what stands there is what the row says. */
async function draw(ctx: BotContext, claimId: number, options: Omit<StaffClaimOptions, 'language'> = {}): Promise<void> {
  const { visit } = ctx;
  const message = ctx.callbackQuery?.message;
  if (!message || message.date === 0) return;
  for (let shown = await find(ctx, claimId); shown; ) {
    const screen = staffClaimScreen(shown, { language: visit.shop.language, ...options });
    await quietly(() => patiently(() => visit.bot.editMessageText(message.chat.id, message.message_id, screen)));
    const after = await find(ctx, claimId);
    if (after?.version === shown.version) return;
    shown = after;
  }
}

async function act(
  ctx: BotContext,
  wish: { readonly claimId: number; readonly verdict: ClaimVerdict; readonly reason: ClaimReason | null; readonly confirmed: boolean },
): Promise<void> {
  const { claimId, verdict, reason, confirmed } = wish;
  const admitted = await admit(ctx, claimId);
  if (!admitted) return;
  const { by, texts } = admitted;
  if (!confirmed) {
    ctx.tap?.answer();
    return draw(ctx, claimId, { asking: verdict });
  }
  ctx.tap?.answer(texts.say('staff-doing'));
  const { visit } = ctx;
  const said = await judgeClaim(visit.em(), {
    id: claimId,
    shopId: visit.shop.id,
    verdict,
    reason: reason ?? undefined,
    by,
    at: new Date(),
  });
  if (!said.ok) return draw(ctx, claimId, { notice: `❗ ${refusal(texts, said.rejected)}` });
  await ring(visit, said.code);
  await draw(ctx, claimId);
}

export function createStaffClaimFeature(): Composer<BotContext> {
  const feature = createFeature();
  onTap(feature, 'staffClaim', async (ctx, { claimId }) => {
    if (await admit(ctx, claimId)) await draw(ctx, claimId);
  });
  onTap(feature, 'claimAct', act);
  return feature;
}
