/** Methods a customer may use now, for bot and Mini App: to pay an order, and to top the wallet up. */
import { depositMethods } from '../../domain/deposit.ts';
import { spendableOf } from '../../domain/ledger.ts';
import type { MethodBounds } from '../../domain/method-rule.ts';
import { inStars, type MethodName, orderMethods } from '../../domain/payment.ts';
import { boundsForStars, type Quote } from '../../domain/pricing.ts';
import type { Shop } from '../entities/shop.ts';
import type { EntityManager } from '../orm.ts';
import { readDepositMinimum } from './deposit-minimum.ts';
import { readWallet } from './ledger.ts';
import { findUsableMethod } from './payment-account.ts';
import { readSetting } from './setting.ts';

/** Who buys where. */
export interface Buyer {
  readonly shop: Shop;
  readonly customerId: number;
}

/** A method that can be used now, and for how much at once, in minor units of what it is paid in. */
export interface OfferedMethod extends MethodBounds {
  readonly method: MethodName;
  /** Wallets are topped up by it. */
  readonly deposits: boolean;
}

/** Methods, among these, that this customer may use in this shop now; without one, whoever comes. */
export async function listUsableMethods(
  em: EntityManager,
  { shop, customerId }: Pick<Buyer, 'shop'> & Partial<Buyer>,
  among: readonly MethodName[] = orderMethods,
): Promise<OfferedMethod[]> {
  const asked = { customerId, at: new Date() };
  const judged = await Promise.all(among.map(async (method) => ({ method, ...(await findUsableMethod(em.fork(), shop, method, asked)) })));
  return judged.filter(({ usable }) => usable).map(({ method, deposits, bounds }) => ({ method, deposits, ...bounds }));
}

/**
 * Methods money can be deposited by in this shop now, and for how much of its currency. `forStars` false: the money is for what Stars may not buy,
 * so that what comes in Stars would not help.
 */
export async function listRefillMethods(
  em: EntityManager,
  buyer: Buyer,
  { forStars = true }: { readonly forStars?: boolean } = {},
): Promise<OfferedMethod[]> {
  const usable = (await listUsableMethods(em, buyer, depositMethods)).filter(({ deposits }) => deposits);
  const offered = forStars ? usable : usable.filter(({ method }) => !inStars(method));
  if (!offered.some(({ method }) => inStars(method))) return offered;
  const starValue = await readSetting(em, buyer.shop.id, 'starValue');
  return offered.map((one) => (inStars(one.method) ? { ...one, ...boundsForStars(one, starValue) } : one));
}

/** Between what and what the wallet is topped up at once by these methods, of which there is one at least; minor units of `currency`. */
export async function readRefillBounds(
  em: EntityManager,
  shop: Shop,
  methods: readonly OfferedMethod[],
): Promise<MethodBounds & { readonly currency: string }> {
  const { currency } = shop;
  const least = methods.map((method) => method.minimum);
  const minimum = Math.max(await readDepositMinimum(em, shop, new Date()), Math.min(...least));
  const most = Math.min(await readSetting(em, shop.id, 'depositMaximum'), Math.max(...methods.map((method) => method.maximum)));
  return { currency, minimum, maximum: Math.max(minimum, most) };
}

/** What must be topped up so that the wallet can pay a quote; undefined when it can, or when no top-up would bring that much. */
export async function findTopUp(
  em: EntityManager,
  buyer: Buyer,
  { total, forStars }: Pick<Quote, 'total' | 'forStars'>,
): Promise<number | undefined> {
  const balances = await readWallet(em, buyer.shop, buyer.customerId);
  const missing = total + balances.debt - spendableOf(balances, forStars);
  const methods = missing > 0 ? await listRefillMethods(em, buyer, { forStars }) : [];
  if (methods.length === 0) return undefined;
  const { minimum, maximum } = await readRefillBounds(em, buyer.shop, methods);
  return missing > maximum ? undefined : Math.max(missing, minimum);
}
