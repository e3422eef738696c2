/** Promo codes in the chat: asked for by a button, written as the next message, or brought by a link. */
import type { Composer } from 'grammy';
import { type AppliedAnswer, applyCode, askForCode, removeCode, takeAskedCode } from '../../db/repositories/promo-code.ts';
import type { Texts } from '../../texts/bundle.ts';
import { type Callback, decodeCallback, encodeCallback, type LinesSource, type Origin } from '../../texts/callback.ts';
import { askCodeScreen } from '../../texts/screens/promo-code.ts';
import { parseVoucherCode } from '../../domain/voucher.ts';
import { rejectionText } from '../../texts/screens/rejection.ts';
import { type BotContext, guestOf } from '../context.ts';
import { createFeature, onTap } from '../route.ts';
import { show } from '../show.ts';
import { openBasket } from './basket.ts';
import { openConfirm } from './order.ts';
import { redeem } from './voucher.ts';

interface Entered {
  readonly isEntered: boolean;
  /** There is such a code, whether or not it may be used. */
  readonly isKnown: boolean;
  /** What to say about it. */
  readonly notice: string;
}

/** Enters a code. */
export async function enterCode(ctx: BotContext, text: string): Promise<Entered> {
  const { em, shop, customer, texts } = guestOf(ctx);
  const answer = await applyCode(em(), { shopId: shop.id, customerId: customer.id, text, at: new Date() });
  if (answer.ok) return { isEntered: true, isKnown: true, notice: texts.say('code-entered', { code: answer.code.code }) };
  const isKnown = answer.why !== 'unknown' && answer.why !== 'tooMany';
  return { isEntered: false, isKnown, notice: refusalText(texts, answer.why) };
}

function refusalText(texts: Texts, why: Extract<AppliedAnswer, { ok: false }>['why']): string {
  if (why === 'unknown') return texts.say('code-unknown');
  return why === 'tooMany' ? texts.say('code-tooMany') : rejectionText(why, texts);
}

/** The screen a code was asked on. */
const backOf = (source: LinesSource | null, origin: Origin | undefined): Callback =>
  source === null ? { to: 'basket' } : { to: 'confirm', source, origin };

function goBack(ctx: BotContext, back: Callback | undefined, notice?: string): Promise<void> {
  return back?.to === 'confirm' ? openConfirm(ctx, back.source, notice, back.origin) : openBasket(ctx, notice);
}

export function createPromoCodeFeature(): Composer<BotContext> {
  const feature = createFeature();
  onTap(feature, 'code', async (ctx, { source, origin }) => {
    const { em, customer, texts } = guestOf(ctx);
    const back = backOf(source, origin);
    await askForCode(em(), { customerId: customer.id, askedFor: encodeCallback(back), at: new Date() });
    await show(ctx, askCodeScreen(texts, back));
  });

  onTap(feature, 'codeRemove', async (ctx, { source, origin }) => {
    const { em, customer, texts } = guestOf(ctx);
    await removeCode(em(), customer.id);
    ctx.tap?.answer(texts.say('code-removed'));
    await goBack(ctx, backOf(source, origin));
  });

  feature.on('message:text', async (ctx, next) => {
    const { em, customer, awaited } = guestOf(ctx);
    const { text } = ctx.message;
    if (text.startsWith('/') || (await awaited()).codeFor === null) return next();
    const askedFor = await takeAskedCode(em(), customer.id, new Date());
    if (askedFor === undefined) return next();
    const back = decodeCallback(askedFor);
    // Whoever has a voucher need not know which button it is for.
    if (back?.to === 'redeem' || parseVoucherCode(text) !== undefined) return redeem(ctx, text);
    const { isEntered, notice } = await enterCode(ctx, text);
    await goBack(ctx, back, isEntered ? undefined : notice);
  });
  return feature;
}
