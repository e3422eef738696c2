/** A stage's message: what Telegram's invoice would say, with a link instead of a pay button, so that it may be passed on. */
import type { StageFields } from '../../domain/stage.ts';
import type { Texts } from '../bundle.ts';
import { botLink } from '../../domain/link.ts';
import { bold, isolate, lines, rich } from '../rich-text.ts';
import { makeScreen, type Screen, urlButton } from './screen.ts';
import { priceText, type ShownProduct } from './shop.ts';

export interface ShownStage extends Omit<StageFields, 'photoUrl'> {
  readonly photoUrl?: string | null | undefined;
  /** As it is sold now, to anybody. */
  readonly product: Pick<ShownProduct, 'quote' | 'baseStars' | 'currency'>;
  readonly botUsername: string;
}

export function stageScreen(
  texts: Texts,
  { title, description, label, photoUrl, startParameter, product, botUsername }: ShownStage,
): Screen {
  // In Stars alone, where it is sold for them still.
  const price = priceText(texts, { ...product, quote: { ...product.quote, methods: ['stars'] } });
  const content = lines([bold(isolate(title)), isolate(description), '', rich(isolate(label), ': ', price), texts.say('stage-price-note')]);
  const screen = makeScreen(content, [[urlButton(texts.say('stage-open'), botLink(botUsername, startParameter))]]);
  return photoUrl == null ? screen : { ...screen, previewUrl: photoUrl };
}
