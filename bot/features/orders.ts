/** What was: the customer's orders and the entries of their wallet. */
import type { Composer } from 'grammy';
import { readWallet } from '../../db/repositories/ledger.ts';
import { listRefillMethods } from '../../db/repositories/offered-method.ts';
import { listOrderViews } from '../../db/repositories/order.ts';
import { listWalletEntries } from '../../db/repositories/wallet.ts';
import { ordersScreen, walletScreen } from '../../texts/screens/orders.ts';
import { type BotContext, guestOf } from '../context.ts';
import { buyerOf } from '../quoting.ts';
import { createFeature, onTap } from '../route.ts';
import { show } from '../show.ts';

const orderPageSize = 6;
const entryPageSize = 8;

/** Loads a page, or the last one when the asked one is past the end. */
async function loadPage<Found extends { total: number }>(
  page: number,
  size: number,
  load: (range: { limit: number; offset: number }) => Promise<Found>,
): Promise<{ found: Found; page: number; pages: number }> {
  let at = page;
  let found = await load({ limit: size, offset: at * size });
  // Past its end a list does not say how long it is everywhere, so the first page does.
  if (at > 0 && at * size >= found.total) {
    const total = found.total > 0 ? found.total : (await load({ limit: size, offset: 0 })).total;
    at = Math.max(0, Math.ceil(total / size) - 1);
    found = await load({ limit: size, offset: at * size });
  }
  return { found, page: at, pages: Math.max(1, Math.ceil(found.total / size)) };
}

async function showOrders(ctx: BotContext, wanted: number): Promise<void> {
  const { em, customer, texts } = guestOf(ctx);
  const { found, page, pages } = await loadPage(wanted, orderPageSize, (range) => listOrderViews(em(), { customerId: customer.id }, range));
  await show(ctx, ordersScreen(texts, { rows: found.orders, page, pages }));
}

export async function showWallet(ctx: BotContext, wanted: number, notice?: string): Promise<void> {
  const guest = guestOf(ctx);
  const { em, customer, shop, texts } = guest;
  const where = { shopId: shop.id, customerId: customer.id, currency: shop.currency };
  const load = (page: number) => listWalletEntries(em(), where, { limit: entryPageSize, offset: page * entryPageSize });
  const [balances, asked, refills] = await Promise.all([
    readWallet(em(), shop, customer.id),
    load(wanted),
    listRefillMethods(em(), buyerOf(guest)),
  ]);
  // Entries are never taken away: no button of ours leads past the end.
  const page = asked.entries.length > 0 ? wanted : 0;
  const { entries, hasMore } = page === wanted ? asked : await load(page);
  await show(ctx, walletScreen(texts, shop.currency, balances, { rows: entries, page, hasMore, canRefill: refills.length > 0, notice }));
}

export function createOrdersFeature(): Composer<BotContext> {
  const feature = createFeature();
  feature.command('orders', (ctx) => showOrders(ctx, 0));
  feature.command('wallet', (ctx) => showWallet(ctx, 0));
  onTap(feature, 'orders', (ctx, { page }) => showOrders(ctx, page));
  onTap(feature, 'wallet', (ctx, { page }) => showWallet(ctx, page));
  return feature;
}
