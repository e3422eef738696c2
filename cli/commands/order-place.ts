/** `tillflow order place`: an order, as the customer's tap would place it. */
import { type Command, Option } from 'commander';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isNetworkCoin, type NetworkCoin, networkCoins } from '../../domain/coin.ts';
import { makeOrderCode } from '../../domain/order-code.ts';
import { donationLimit, isAmountAllowed } from '../../domain/donation.ts';
import { parseAmount, toDecimal } from '../../domain/money.ts';
import type { OrderView, PlacedLine } from '../../domain/order.ts';
import { type MethodName, orderMethods, providerOfMethod, takesCoins } from '../../domain/payment.ts';
import { isPriceNamed } from '../../domain/product.ts';
import { parsePromoCode } from '../../domain/promo-code.ts';
import { Customer } from '../../db/entities/customer.ts';
import { Product } from '../../db/entities/product.ts';
import type { Shop } from '../../db/entities/shop.ts';
import type { EntityManager } from '../../db/orm.ts';
import { areOffersOld } from '../../db/repositories/coin-offer.ts';
import { findOrderView } from '../../db/repositories/order.ts';
import { findUsableMethod } from '../../db/repositories/payment-account.ts';
import { enterCode, findCode } from '../../db/repositories/promo-code.ts';
import { codeToPlace, quotePlacedLines } from '../../db/repositories/quote.ts';
import { readSetting } from '../../db/repositories/setting.ts';
import { findShopBySlug } from '../../db/repositories/shop.ts';
import type { Door } from '../../temporal/client.ts';
import { askCoinOffers } from '../../temporal/coin-offer.ts';
import { placeOrder } from '../../temporal/order.ts';
import { type CommandContext, quote, readCode, readSlug, readText, readWhole, withContext } from '../context.ts';
import { requireDone, tellOrder } from '../order-view.ts';
import { CommandError, print } from '../output.ts';

interface PlaceOptions {
  readonly shop: string;
  readonly customer: string;
  readonly product: string;
  readonly quantity: string;
  readonly method: MethodName;
  readonly coin?: string;
  readonly code?: string;
  readonly promo?: string;
  readonly amount?: string;
}

/** How long whoever placed an order waits to be told where to pay, ms. */
const openedWithinMs = 5_000;

export function addOrderPlaceCommand(order: Command): void {
  order
    .command('place')
    .description('place an order for a customer, as their tap would')
    .requiredOption('--shop <slug>', 'the shop')
    .requiredOption('--customer <telegramUserId>', 'the customer’s Telegram id')
    .requiredOption('--product <product>', 'id or title')
    .option('--quantity <quantity>', 'how many', '1')
    .addOption(new Option('--method <method>', 'how it is paid').choices(orderMethods).default('wallet'))
    .option('--coin <coin>', 'with a method that is paid in coins, e.g. BTC or USDT_TRC20')
    .option('--code <code>', 'order code; the same code again is the same order')
    .option('--promo <code>', 'a promo code, as if the customer had entered it; what they have entered themselves when absent')
    .option('--amount <amount>', 'of what the customer names the amount of, e.g. 12.50')
    .action(async (options: PlaceOptions, command: Command) => {
      await withContext(async (context) => {
        const { answer, orderCode } = await place(context, options);
        const placed = await untilOpened(context, await requireDone(context, orderCode, answer, 'Not placed'));
        print(Boolean(command.optsWithGlobals().json), { ...answer, order: placed }, () => tellOrder(placed, context));
      });
    });
}

async function place({ em, door }: CommandContext, options: PlaceOptions) {
  const quantity = readWhole('quantity', options.quantity, { min: 1, max: 1_000 });
  const telegramUserId = readWhole('customer', options.customer, { min: 1, max: Number.MAX_SAFE_INTEGER });
  const orderCode = options.code === undefined ? makeOrderCode(randomBytes(8)) : readCode(options.code);
  readText('product', options.product, { max: 200 });
  const slug = readSlug(options.shop);
  const coin = readCoin(options);
  const manager = await em();
  const shop = await findShopBySlug(manager, slug);
  if (!shop) throw new CommandError(`shop: there is no shop ${options.shop}.`);
  const customer = await manager.findOne(Customer, { shopId: shop.id, telegramUserId });
  if (!customer) throw new CommandError(`customer: ${telegramUserId} is no customer of ${shop.slug} yet; they become one by /start.`);
  const product = await findProduct(manager, shop.id, options.product);
  const amount = options.amount === undefined ? undefined : readAmount(options.amount, product, shop.currency);
  const lines: PlacedLine[] = [{ productId: product.id, quantity, ...(amount === undefined ? {} : { amount }) }];
  const buyer = { shop, customerId: customer.id };
  const promo = options.promo === undefined ? undefined : await findPromoCode(manager, { ...buyer, text: options.promo });
  const quoted = await quotePlacedLines(manager, buyer, lines, promo);
  if (promo) {
    const refusal = quoted.placed.length > 0 ? quoted.code?.refusal : undefined;
    if (refusal) throw new CommandError(`promo: ${promo.code} does not apply: ${refusal}.`);
    await enterCode(manager, customer.id, promo.id);
  }
  if (coin !== null) await renewCoinOffers(manager, door(), { shop, customerId: customer.id, method: options.method });
  const code = codeToPlace(quoted, undefined);
  const answer = await placeOrder(door(), orderCode, {
    shopId: shop.id,
    customerId: customer.id,
    lines,
    shownTotal: quoted.quote.total,
    shownStars: options.method === 'stars' ? (quoted.quote.starsTotal ?? undefined) : undefined,
    method: options.method,
    ...(coin === null ? {} : { coin }),
    ...(code === undefined ? {} : { code }),
    holdSeconds: await readSetting(manager, shop.id, 'holdSeconds'),
    fromBasket: false,
    language: customer.language,
  });
  return { answer, orderCode: 'existing' in answer && answer.existing !== undefined ? answer.existing : orderCode };
}

/** @throws CommandError when there is no such code; whether it applies, the quote says */
async function findPromoCode(em: EntityManager, { shop, customerId, text }: { shop: Shop; customerId: number; text: string }) {
  if (parsePromoCode(text) === undefined) throw new CommandError(`promo: ${quote(text)} is no promo code.`, 2);
  const found = await findCode(em, { shopId: shop.id, customerId, text });
  if (!found) throw new CommandError(`promo: ${shop.slug} has no promo code ${quote(text)}.`);
  return found;
}

/** @throws CommandError when it is none, or this product's amount is not the customer's to name */
function readAmount(text: string, product: Product, currency: string): number {
  const amount = parseAmount(text, currency);
  if (amount === undefined || amount === 0) throw new CommandError(`amount: ${quote(text)} is no amount of ${currency}.`, 2);
  if (!isPriceNamed(product.kind)) throw new CommandError(`amount: the price of ${quote(product.title)} is not named by its customer.`, 2);
  if (isAmountAllowed(product, amount)) return amount;
  const [least, most] = [product.donationMinimum ?? 1, product.donationMaximum ?? donationLimit].map((bound) =>
    toDecimal({ amount: bound, currency }),
  );
  throw new CommandError(`amount: from ${least} to ${most} ${currency} is needed, not ${quote(text)}.`, 2);
}

/** The coin of a method that is paid in coins, null for the others. @throws CommandError when the two do not fit */
function readCoin({ method, coin }: PlaceOptions): NetworkCoin | null {
  if (!takesCoins(method)) {
    if (coin === undefined) return null;
    throw new CommandError(`coin: ${method} is not paid in coins; add --method crypto.`, 2);
  }
  if (isNetworkCoin(coin)) return coin;
  const given = coin === undefined ? '' : `, not ${quote(coin)}`;
  throw new CommandError(`coin: ${method} needs one of ${Object.keys(networkCoins).join(', ')}${given}.`, 2);
}

/** Asks which coins the account takes when what is known is old, as the bot does before it shows them. What was known holds when nobody answers. */
async function renewCoinOffers(
  em: EntityManager,
  door: Door,
  { shop, customerId, method }: { readonly shop: Shop; readonly customerId: number; readonly method: MethodName },
): Promise<void> {
  const at = new Date();
  const { usable, id } = await findUsableMethod(em, shop, method, { customerId, at });
  if (!usable || id === null || !(await areOffersOld(em, id, at))) return;
  await askCoinOffers(door, { shopId: shop.id, provider: providerOfMethod[method] }).catch(() => undefined);
}

/** The order once it can be said where to pay; as it stands when its provider takes longer. */
async function untilOpened({ em }: CommandContext, view: OrderView): Promise<OrderView> {
  const until = performance.now() + openedWithinMs;
  let now = view;
  while (now.status === 'awaitingPayment' && now.payment?.status === 'pending' && now.payment.instructions === null) {
    if (performance.now() > until) break;
    await sleep(100);
    now = (await findOrderView(await em(), view.code)) ?? now;
  }
  return now;
}

async function findProduct(em: EntityManager, shopId: number, text: string): Promise<Product> {
  const byId = /^\d{1,15}$/.test(text) ? await em.findOne(Product, { shopId, id: Number(text) }) : undefined;
  const found = byId ?? (await em.findOne(Product, { shopId, title: text }));
  if (!found) throw new CommandError(`product: the shop has no product ${quote(text)}.`);
  return found;
}
