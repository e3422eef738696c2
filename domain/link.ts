/** Deep links: what may stand behind `?start=` of a bot's link, and what it opens. Pure. */
import { parseOrderCode } from './order-code.ts';
import { parsePromoCode } from './promo-code.ts';
import { isStageParameter } from './stage.ts';

export type DeepLink =
  | { readonly to: 'shop' }
  | { readonly to: 'product'; readonly productId: number }
  | { readonly to: 'category'; readonly categoryId: number }
  /** What is to be collected around a pickup point. */
  | { readonly to: 'point'; readonly pointId: number }
  | { readonly to: 'order'; readonly orderCode: string }
  /** A stage, by all of its start parameter. */
  | { readonly to: 'stage'; readonly startParameter: string }
  /** A friend's gift: its id and signature. */
  | { readonly to: 'gift'; readonly payload: string }
  /** Enters a promo code. */
  | { readonly to: 'code'; readonly code: string };

export function linkPayload(link: DeepLink): string {
  switch (link.to) {
    case 'shop':
      return 'shop';
    case 'product':
      return `p_${link.productId}`;
    case 'category':
      return `c_${link.categoryId}`;
    case 'point':
      return `point_${link.pointId}`;
    case 'order':
      return `order_${link.orderCode}`;
    case 'stage':
      return link.startParameter;
    case 'gift':
      return `g_${link.payload}`;
    case 'code':
      return `code_${link.code}`;
  }
}

/** Opens a bot with what stands behind `/start`. */
export function botLink(botUsername: string, payload: string): string {
  return `https://t.me/${botUsername}?start=${payload}`;
}

/** @returns undefined when it is no payload of ours */
export function parseLink(payload: string): DeepLink | undefined {
  const gift = /^g_([\w-]{43})$/.exec(payload)?.[1];
  if (gift !== undefined) return { to: 'gift', payload: gift };
  if (isStageParameter(payload)) return { to: 'stage', startParameter: payload };
  if (payload === 'shop') return { to: 'shop' };
  const code = parsePromoCode(/^code_(.{3,32})$/.exec(payload)?.[1] ?? '');
  if (code !== undefined) return { to: 'code', code };
  const [, noun = '', rest = ''] = /^(p|c|point|order)_([0-9A-Za-z-]{1,15})$/.exec(payload) ?? [];
  const orderCode = noun === 'order' ? parseOrderCode(rest) : undefined;
  if (orderCode !== undefined) return { to: 'order', orderCode };
  if (!/^[1-9]\d{0,14}$/.test(rest)) return undefined;
  const id = Number(rest);
  if (noun === 'p') return { to: 'product', productId: id };
  if (noun === 'c') return { to: 'category', categoryId: id };
  return noun === 'point' ? { to: 'point', pointId: id } : undefined;
}
