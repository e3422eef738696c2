/** A basket that buys itself: why it did not. */
import { autoBuyDoubts } from '../../domain/auto-buy.ts';
import { formatOrderCode } from '../../domain/order-code.ts';
import type { PlacedLine } from '../../domain/order.ts';
import type { InlineKeyboardButton } from 'grammy/types';
import { type Overrides, type Texts, textsOf } from '../bundle.ts';
import type { LinesSource } from '../callback.ts';
import { rejectionText } from './rejection.ts';
import { homeButton, makeScreen, type Screen, tapButton } from './screen.ts';

export interface AskedAutoBuy {
  readonly code: string;
  readonly lines: readonly PlacedLine[];
  readonly fromBasket: boolean;
  readonly shownTotal: number;
  readonly currency: string;
  readonly language: string;
  readonly reason?: string | null | undefined;
}

/** Nothing is to be bought by itself any more. */
export function autoBuyGiveUpButton(texts: Texts, orderCode: string): InlineKeyboardButton {
  return tapButton(texts.say('auto-buy-give-up'), { to: 'autoBuyGiveUp', orderCode });
}

/** It waits for the money, which is on its way already; or it was given up. */
export function autoBuyScreen(texts: Texts, state: { readonly orderCode: string; readonly waitsFor: string } | 'givenUp'): Screen {
  if (state === 'givenUp')
    return makeScreen({ text: texts.say('auto-buy-given-up'), entities: [] }, [
      [tapButton(texts.say('menu-basket'), { to: 'basket' })],
      [homeButton(texts)],
    ]);
  const text = texts.say('auto-buy-waiting', { total: state.waitsFor });
  return makeScreen({ text, entities: [] }, [[autoBuyGiveUpButton(texts, state.orderCode)], [homeButton(texts)]]);
}

/** The money came, but the customer is to decide: a message of its own, since an edit makes no sound. */
export function autoBuyAskedScreen(wish: AskedAutoBuy, overrides?: Overrides): Screen {
  const texts = textsOf(wish.language, overrides);
  const reason = wish.reason ?? 'other';
  const why = autoBuyDoubts.some((doubt) => doubt === reason) ? texts.say(`auto-buy-${reason}`) : rejectionText(reason, texts);
  const total = texts.money(wish.shownTotal, wish.currency);
  const text = texts.say('auto-buy-asked', { code: formatOrderCode(wish.code), total, why });
  return makeScreen({ text, entities: [] }, [
    [tapButton(texts.say('auto-buy-look'), { to: 'confirm', source: sourceOf(wish) })],
    [homeButton(texts)],
  ]);
}

function sourceOf({ lines, fromBasket }: AskedAutoBuy): LinesSource {
  const [line] = lines;
  return fromBasket || !line ? { from: 'basket' } : { from: 'product', ...line };
}
