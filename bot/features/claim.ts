/** Claims in the chat: the customer says which piece is faulty and how; staff replace it, refund it or refuse, each by a second press. */
import type { Composer } from 'grammy';
import { askClaim, describeClaim, findClaim, judgeClaim, listClaimable, withdrawClaim } from '../../db/repositories/claim.ts';
import type { ClaimReason, ClaimRejection, ClaimVerdict } from '../../domain/claim.ts';
import { ringClaim } from '../../temporal/claim.ts';
import type { Texts } from '../../texts/bundle.ts';
import { claimableScreen, claimScreen, staffClaimScreen, type StaffClaimOptions } from '../../texts/screens/claim.ts';
import { type BotContext, guestOf, type Visit } from '../context.ts';
import { createFeature, onTap } from '../route.ts';
import { sendScreen, show } from '../show.ts';
import { admitJudge, drawPressed } from '../staff-button.ts';

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
  const id = text.startsWith('/') ? null : (await guest.awaited()).claimId;
  if (id === null) return next();
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

const find = async ({ visit }: BotContext, id: number) => {
  const view = await findClaim(visit.em(), visit.services.secrets, { id, shopId: visit.shop.id });
  // What its customer has not described yet is nobody's to judge.
  return view?.status === 'asked' ? undefined : view;
};
const admit = (ctx: BotContext, claimId: number) =>
  admitJudge(
    ctx,
    () => find(ctx, claimId),
    (texts) => refusal(texts, 'UnknownClaim'),
  );
const draw = (ctx: BotContext, claimId: number, options: Omit<StaffClaimOptions, 'language'> = {}) =>
  drawPressed(ctx, () => find(ctx, claimId), {
    screen: (shown) => staffClaimScreen(shown, { language: ctx.visit.shop.language, ...options }),
    versionOf: ({ version }) => version,
  });

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
