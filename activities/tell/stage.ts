/** A stage's message, as the stage and its price stand when it goes out. */
import type { Shop } from '../../db/entities/shop.ts';
import type { EntityManager } from '../../db/orm.ts';
import { quoteStages } from '../../db/repositories/stage.ts';
import { closeSend, readSend } from '../../db/repositories/stage-send.ts';
import type { StageSendStatus } from '../../domain/stage.ts';
import type { Texts } from '../../texts/bundle.ts';
import type { Screen } from '../../texts/screens/screen.ts';
import { stageScreen } from '../../texts/screens/stage.ts';

export interface StageTelling {
  readonly em: EntityManager;
  readonly shop: Shop;
  readonly texts: Texts;
  readonly sendId: number;
  readonly at: Date;
}

/** Sends it unless that was done, and notes what became of it. `put` answers whether the chat took it. @returns what became of it */
export async function tellStage(
  { em, shop, texts, sendId, at }: StageTelling,
  put: (screen: Screen) => Promise<boolean>,
): Promise<Exclude<StageSendStatus, 'waiting'>> {
  const { send, stage } = await readSend(em, sendId);
  if (send.status !== 'waiting') return send.status;
  const product = stage && (await quoteStages(em, shop, [stage])).get(stage.productId);
  const status =
    !product || shop.botUsername == null
      ? 'gone'
      : (await put(stageScreen(texts, { ...stage, product, botUsername: shop.botUsername })))
        ? 'sent'
        : 'refused';
  await closeSend(em, sendId, status, at);
  return status;
}
