/** Orders as commands look at them: found, asked about, and told in words. */
import { networkCoins } from '../domain/coin.ts';
import { formatOrderCode } from '../domain/order-code.ts';
import type { OrderView, RejectionFacts } from '../domain/order.ts';
import type { EntityManager } from '../db/orm.ts';
import { findOrderView } from '../db/repositories/order.ts';
import type { Closed } from '../temporal/closed.ts';
import { isLater, type Later } from '../temporal/deadline.ts';
import { workflowUrl } from '../temporal/ui.ts';
import type { CommandContext } from './context.ts';
import { CommandError, table, tellMoney, tellTime } from './output.ts';

export async function requireOrder(em: EntityManager, orderCode: string): Promise<OrderView> {
  const view = await findOrderView(em, orderCode);
  if (!view) throw new CommandError(`There is no order ${formatOrderCode(orderCode)}.`);
  return view;
}

/** The order as it stands after a wish. @throws CommandError when it was not granted, or nobody answered */
export async function requireDone(
  { em }: CommandContext,
  orderCode: string,
  answer: { readonly ok: true } | ({ readonly ok: false; readonly rejected: string } & RejectionFacts) | Later | Closed,
  what: string,
): Promise<OrderView> {
  if (isLater(answer)) {
    throw new CommandError(
      `No answer yet for order ${formatOrderCode(orderCode)}: Temporal or the workers are away. It may still happen; the same command with the same code is safe.`,
    );
  }
  if ('ok' in answer && !answer.ok) {
    const { rejected, until, limit } = answer;
    const more = until === undefined ? (limit === undefined ? '' : `, of ${limit}`) : `, until ${tellTime(until)}`;
    throw new CommandError(`${what}: ${rejected}${more}.`);
  }
  return requireOrder(await em(), orderCode);
}

/** What to do now, in words. */
function tellWay({ payment, paidAt }: OrderView): string[] {
  const instructions = paidAt === null && payment?.status === 'pending' ? payment.instructions : null;
  if (instructions?.kind === 'link') return [`pay here: ${instructions.url}`];
  if (instructions?.kind !== 'address') return [];
  const { coin, address, units, memo } = instructions;
  const { coin: ticker, network } = networkCoins[coin];
  return [`send exactly ${units} ${ticker} (${network}) to ${address}${memo === null ? '' : `, memo ${memo}`}`];
}

/** In the money the order is paid in. */
function savedBy({ method, currency }: OrderView, { saved, savedStars }: NonNullable<OrderView['promo']>) {
  return method === 'stars' ? { amount: savedStars, currency: 'XTR' } : { amount: saved, currency };
}

export function tellOrder(view: OrderView, { config }: CommandContext): string {
  const { currency } = view;
  const lines = view.lines.map((line) => [
    line.title,
    String(line.quantity),
    line.discountPercent > 0 ? `${tellMoney({ amount: line.basePrice, currency })} -${line.discountPercent}%` : '',
    tellMoney({ amount: line.price, currency }),
    line.delivery?.status ?? '-',
  ]);
  const facts = [
    `Order ${formatOrderCode(view.code)}: ${view.status}, ${tellMoney({ amount: view.total, currency })} by ${view.method}`,
    `placed ${tellTime(view.placedAt)}${view.paidAt === null ? `, held until ${tellTime(view.holdEndsAt)}` : `, paid ${tellTime(view.paidAt)}`}`,
    ...(view.promo ? [`code ${view.promo.code} saved ${tellMoney(savedBy(view, view.promo))}`] : []),
    ...(view.tolerated > 0 ? [`short by ${tellMoney({ amount: view.tolerated, currency })} within tolerance, which the shop bears`] : []),
    ...tellWay(view),
    ...view.refunds.map((refund) => `refund ${refund.id}: ${tellMoney(refund)}, ${refund.status}`),
  ];
  return [
    ...facts,
    '',
    table(['product', 'quantity', 'was', 'price', 'delivery'], lines),
    '',
    `Temporal: ${workflowUrl(config.temporal, { noun: 'order', code: view.code, chainOutput: null })}`,
  ].join('\n');
}
