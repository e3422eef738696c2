/** Cards that people bring into any chat by `@bot text`. They go to somebody else, so they say nothing that is only the sender's. */
import type { InlineQueryResult } from 'grammy/types';
import type { Texts } from '../bundle.ts';
import { botLink, linkPayload } from '../../domain/link.ts';
import { bold, cutRich, isolate, lines, type RichText, rich } from '../rich-text.ts';
import { urlButton } from './screen.ts';
import { priceText, type ShownProduct } from './shop.ts';

const descriptionLimit = 300;
/** Of a line in the list of results. */
const shownLimit = 120;

/** A product to choose: title, price and picture in the list; its card with a way into the shop in the chat. */
export function inlineResult(
  texts: Texts,
  product: ShownProduct,
  { botUsername, photoFileId }: { botUsername: string; photoFileId: string | undefined },
): InlineQueryResult {
  const payload = linkPayload({ to: 'product', productId: product.id });
  const price = priceText(texts, product);
  const { text, entities } = contentOf(texts, product, price);
  const shown = {
    id: payload,
    title: product.title.slice(0, shownLimit),
    description: [price.text, product.description].filter(Boolean).join(' · ').slice(0, shownLimit),
    reply_markup: { inline_keyboard: [[urlButton(texts.say('inline-open'), botLink(botUsername, payload))]] },
  };
  if (photoFileId !== undefined)
    return { type: 'photo', photo_file_id: photoFileId, caption: text, caption_entities: [...entities], ...shown };
  const content = { message_text: text, entities: [...entities], link_preview_options: { is_disabled: true } };
  return { type: 'article', input_message_content: content, ...shown };
}

function contentOf(texts: Texts, product: ShownProduct, price: RichText): RichText {
  const { title, description, point } = product;
  return lines([
    bold(isolate(title)),
    ...(description === '' ? [] : [cutRich(rich(description), descriptionLimit), '']),
    price,
    point ? texts.say('product-pickup', { place: isolate(`${point.name}, ${point.address}`) }) : undefined,
  ]);
}
