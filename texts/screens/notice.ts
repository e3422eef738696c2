/** Notices about money that took another way: into the wallet, or back. */
import { formatOrderCode } from '../../domain/order-code.ts';
import { type ProviderName, providerTraits } from '../../domain/payment.ts';
import { textsOf } from '../bundle.ts';
import { code } from '../rich-text.ts';
import { makeScreen, type Screen, tapButton } from './screen.ts';

/** Amounts in minor units of `currency`. */
export interface NoticeMoney {
  readonly orderCode: string;
  readonly amount: number;
  readonly currency: string;
}

/** Money that came late, or although the order needed no more, and is in the wallet now. */
export function walletNotice(money: NoticeMoney & { readonly late: boolean }, language: string): Screen {
  const texts = textsOf(language);
  return notice(money.late ? 'stray-late-wallet' : 'stray-second-wallet', money, language, [
    tapButton(texts.say('menu-wallet'), { to: 'wallet', page: 0 }),
  ]);
}

/** How a refund ended. `reason` tells late money (`lateMoney`) from second money when it went back whole. */
export function refundNotice(
  refund: NoticeMoney & {
    readonly provider: ProviderName;
    readonly scope: 'order' | 'money';
    readonly status: 'succeeded' | 'failed';
    readonly reason: string;
  },
  language: string,
): Screen {
  const texts = textsOf(language);
  const row = [tapButton(texts.say('order-open'), { to: 'order', orderCode: refund.orderCode, anew: true })];
  if (refund.status === 'failed')
    return notice(providerTraits[refund.provider].wholeOnly ? 'refund-failed' : 'refund-failed-wallet', refund, language, row);
  if (refund.scope === 'order') return notice('refund-succeeded', refund, language, row);
  return notice(refund.reason === 'lateMoney' ? 'stray-late-back' : 'stray-second-back', refund, language, row);
}

function notice(id: string, { orderCode, amount, currency }: NoticeMoney, language: string, row: ReturnType<typeof tapButton>[]): Screen {
  const texts = textsOf(language);
  return makeScreen(texts.sayRich(id, { amount: texts.money(amount, currency), code: code(formatOrderCode(orderCode)) }), [row]);
}
