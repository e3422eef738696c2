/** What the link of a stage opens: the confirm screen of its product, with Stars first; an order from there is the stage's. */
import { findProduct } from '../../db/repositories/catalogue.ts';
import { findStageByLink } from '../../db/repositories/stage.ts';
import { openStage } from '../../db/repositories/stage-visit.ts';
import { type BotContext, guestOf } from '../context.ts';
import { showProducts } from '../quoting.ts';
import { openConfirm } from './order.ts';
import { openProduct } from './shop.ts';

/** @returns `unknown` when no stage of this shop ever had this link, `gone` when its product is not sold any more */
export async function openStageLink(ctx: BotContext, startParameter: string): Promise<'shown' | 'gone' | 'unknown'> {
  const guest = guestOf(ctx);
  const { em, shop, customer, texts } = guest;
  const stage = await findStageByLink(em(), shop.id, startParameter);
  if (!stage) return 'unknown';
  await openStage(em(), { stageId: stage.id, customerId: customer.id, at: new Date() });
  const product = await findProduct(em(), shop.id, stage.productId);
  const [shown] = product ? await showProducts(guest, [product]) : [];
  if (!shown) return 'gone';
  const origin = { from: 'stage', stageId: stage.id } as const;
  const isRemoved = stage.removedAt != null;
  // What must be chosen first, or waited for, is on the card.
  if (isRemoved || shown.stock < 1 || shown.options.length > 0 || shown.donation) {
    const notice = isRemoved ? { notice: texts.say('stage-removed') } : {};
    return (await openProduct(ctx, shown.id, { ...(isRemoved ? {} : { origin }), ...notice })) ? 'shown' : 'gone';
  }
  await openConfirm(ctx, { from: 'product', productId: shown.id, quantity: 1 }, undefined, origin);
  return 'shown';
}
