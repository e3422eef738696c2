/** `tillflow order`: place, look, cancel, refund, send again. The command line acts as the owner. */
import { Argument, type Command, Option } from 'commander';
import { randomBytes } from 'node:crypto';
import { parseAmount } from '../../domain/money.ts';
import { formatOrderCode, makeOrderCode } from '../../domain/order-code.ts';
import type { OrderView } from '../../domain/order.ts';
import { type MethodName, orderMethods } from '../../domain/payment.ts';
import { quoteLines } from '../../domain/pricing.ts';
import { Customer } from '../../db/entities/customer.ts';
import { Product } from '../../db/entities/product.ts';
import type { EntityManager } from '../../db/orm.ts';
import { pricedProduct } from '../../db/repositories/catalogue.ts';
import { findOrderView } from '../../db/repositories/order.ts';
import { readQuoteRules } from '../../db/repositories/quote.ts';
import { readSetting } from '../../db/repositories/setting.ts';
import { findShopBySlug } from '../../db/repositories/shop.ts';
import { isLater, type Later } from '../../temporal/deadline.ts';
import { resendOrder } from '../../temporal/delivery.ts';
import type { Closed } from '../../temporal/closed.ts';
import { cancelOrder, placeOrder } from '../../temporal/order.ts';
import { requestRefund } from '../../temporal/refund.ts';
import { workflowUrl } from '../../temporal/ui.ts';
import { type CommandContext, quote, readCode, readSlug, readText, readWhole, withContext } from '../context.ts';
import { CommandError, print, table, tellMoney, tellTime } from '../output.ts';

interface PlaceOptions {
  readonly shop: string;
  readonly customer: string;
  readonly product: string;
  readonly quantity: string;
  readonly method: MethodName;
  readonly code?: string;
}

const code = () => new Argument('<code>', 'order code, e.g. K7Q4-MX2P');
const asJson = (command: Command) => Boolean(command.optsWithGlobals().json);

export function addOrderCommands(program: Command): void {
  const order = program.command('order').description('orders: place, show, cancel, refund, resend');
  order
    .command('place')
    .description('place an order for a customer, as their tap would')
    .requiredOption('--shop <slug>', 'the shop')
    .requiredOption('--customer <telegramUserId>', 'the customer’s Telegram id')
    .requiredOption('--product <product>', 'id or title')
    .option('--quantity <quantity>', 'how many', '1')
    .addOption(new Option('--method <method>', 'how it is paid').choices(orderMethods).default('wallet'))
    .option('--code <code>', 'order code; the same code again is the same order')
    .action(async (options: PlaceOptions, command: Command) => {
      await withContext(async (context) => {
        const { answer, orderCode } = await place(context, options);
        const placed = await requireDone(context, orderCode, answer, 'Not placed');
        print(asJson(command), { ...answer, order: placed }, () => tellOrder(placed, context));
      });
    });

  order
    .command('show')
    .description('show an order')
    .addArgument(code())
    .action(async (text: string, _options: object, command: Command) => {
      await withContext(async (context) => {
        const view = await requireOrder(await context.em(), readCode(text));
        print(asJson(command), view, () => tellOrder(view, context));
      });
    });

  order
    .command('cancel')
    .description('cancel an unpaid order')
    .addArgument(code())
    .action(async (text: string, _options: object, command: Command) => {
      await withContext(async (context) => {
        const orderCode = readCode(text);
        await requireOrder(await context.em(), orderCode);
        const answer = await cancelOrder(context.door(), orderCode, { by: 'staff', actor: 'cli' });
        const view = await requireDone(context, orderCode, answer, 'Not cancelled');
        if (view.status !== 'cancelled') throw new CommandError(`Not cancelled: order ${formatOrderCode(orderCode)} is ${view.status}.`);
        print(asJson(command), view, () => tellOrder(view, context));
      });
    });

  order
    .command('refund')
    .description('give the money of an order back the way it came')
    .addArgument(code())
    .option('--amount <amount>', 'a part in the order’s currency, e.g. 12.50; all that is left when absent')
    .option('--reason <reason>', 'why, for the audit', 'asked by staff')
    .action(async (text: string, { amount, reason }: { amount?: string; reason: string }, command: Command) => {
      await withContext(async (context) => {
        const orderCode = readCode(text);
        readText('reason', reason, { max: 500 });
        const view = await requireOrder(await context.em(), orderCode);
        const minor = amount !== undefined && /^[\d.,]+$/.test(amount) ? parseAmount(amount, view.currency) : undefined;
        if (amount !== undefined && (minor === undefined || minor === 0)) {
          throw new CommandError(`amount: ${quote(amount)} is no amount of ${view.currency}.`, 2);
        }
        const number = view.refunds.filter((refund) => refund.scope === 'order').length + 1;
        const answer = await requestRefund(context.door(), { orderCode, actor: 'cli', reason, amount: minor, number });
        const after = await requireDone(context, orderCode, answer, 'Not refunded');
        print(asJson(command), { ...answer, order: after }, () => tellOrder(after, context));
      });
    });

  order
    .command('resend')
    .description('send an order’s goods again')
    .addArgument(code())
    .action(async (text: string, _options: object, command: Command) => {
      await withContext(async (context) => {
        const orderCode = readCode(text);
        await requireOrder(await context.em(), orderCode);
        const answer = await resendOrder(context.door(), { orderCode, actor: 'cli' });
        await requireDone(context, orderCode, answer, 'Not sent');
        print(asJson(command), answer, () => `The goods of order ${formatOrderCode(orderCode)} are sent again.`);
      });
    });
}

async function place({ em, door }: CommandContext, options: PlaceOptions) {
  const quantity = readWhole('quantity', options.quantity, { min: 1, max: 1_000 });
  const telegramUserId = readWhole('customer', options.customer, { min: 1, max: Number.MAX_SAFE_INTEGER });
  const orderCode = options.code === undefined ? makeOrderCode(randomBytes(8)) : readCode(options.code);
  readText('product', options.product, { max: 200 });
  const slug = readSlug(options.shop);
  const manager = await em();
  const shop = await findShopBySlug(manager, slug);
  if (!shop) throw new CommandError(`shop: there is no shop ${options.shop}.`);
  const customer = await manager.findOne(Customer, { shopId: shop.id, telegramUserId });
  if (!customer) throw new CommandError(`customer: ${telegramUserId} is no customer of ${shop.slug} yet; they become one by /start.`);
  const product = await findProduct(manager, shop.id, options.product);
  const rules = await readQuoteRules(manager, shop, customer.id);
  const quote = quoteLines([{ product: pricedProduct(product), quantity }], rules);
  const answer = await placeOrder(door(), orderCode, {
    shopId: shop.id,
    customerId: customer.id,
    lines: [{ productId: product.id, quantity }],
    shownTotal: quote.total,
    shownStars: options.method === 'stars' ? (quote.starsTotal ?? undefined) : undefined,
    method: options.method,
    holdSeconds: await readSetting(manager, shop.id, 'holdSeconds'),
    fromBasket: false,
    language: customer.language,
  });
  return { answer, orderCode: 'existing' in answer && answer.existing !== undefined ? answer.existing : orderCode };
}

async function findProduct(em: EntityManager, shopId: number, text: string): Promise<Product> {
  const byId = /^\d{1,15}$/.test(text) ? await em.findOne(Product, { shopId, id: Number(text) }) : undefined;
  const found = byId ?? (await em.findOne(Product, { shopId, title: text }));
  if (!found) throw new CommandError(`product: the shop has no product ${quote(text)}.`);
  return found;
}

async function requireOrder(em: EntityManager, orderCode: string): Promise<OrderView> {
  const view = await findOrderView(em, orderCode);
  if (!view) throw new CommandError(`There is no order ${formatOrderCode(orderCode)}.`);
  return view;
}

/** The order as it stands after a wish. @throws CommandError when it was not granted, or nobody answered */
async function requireDone(
  { em }: CommandContext,
  orderCode: string,
  answer: { readonly ok: true } | { readonly ok: false; readonly rejected: string } | Later | Closed,
  what: string,
): Promise<OrderView> {
  if (isLater(answer)) {
    throw new CommandError(
      `No answer yet for order ${formatOrderCode(orderCode)}: Temporal or the workers are away. It may still happen; the same command with the same code is safe.`,
    );
  }
  if ('ok' in answer && !answer.ok) throw new CommandError(`${what}: ${answer.rejected}.`);
  return requireOrder(await em(), orderCode);
}

function tellOrder(view: OrderView, { config }: CommandContext): string {
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
    ...(view.payment?.instructions?.kind === 'link' && view.paidAt === null ? [`pay here: ${view.payment.instructions.url}`] : []),
    ...view.refunds.map((refund) => `refund ${refund.id}: ${tellMoney(refund)}, ${refund.status}`),
  ];
  return [
    ...facts,
    '',
    table(['product', 'quantity', 'was', 'price', 'delivery'], lines),
    '',
    `Temporal: ${workflowUrl(config.temporal, { noun: 'order', code: view.code })}`,
  ].join('\n');
}
