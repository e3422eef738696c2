/** The customer's wallet: what is in it, what moved it, and how it is filled. */
import { Hono } from 'hono';
import { suggestAmounts } from '../../domain/deposit.ts';
import { balanceOf } from '../../domain/ledger.ts';
import { takesCoins } from '../../domain/payment.ts';
import { readCoinOffers } from '../../db/repositories/coin-offer.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { listRefillMethods, readRefillBounds } from '../../db/repositories/offered-method.ts';
import { findUsableMethod } from '../../db/repositories/payment-account.ts';
import { listWalletPage } from '../../db/repositories/wallet.ts';
import type { ApiContext } from '../context.ts';
import { inQuery } from '../input.ts';
import { toActor } from '../order-view.ts';
import { renewCoinOffers } from '../payment/calls.ts';
import { type CoinsAnswer, coinsQuery, pageQuery, type RefillsAnswer, type WalletAnswer } from '../schemas/wallet.ts';
import { buyerOf } from '../visitor/identify.ts';
import type { Entrance } from '../visitor/visit.ts';

const pageSize = 20;

export function createWalletRoutes(context: ApiContext, { visit, aboutMoney }: Entrance) {
  const em = () => context.db.em.fork();
  return new Hono()
    .get('/wallet', visit, inQuery(pageQuery), async (c) => {
      const { shop, customer } = c.var.visitor;
      const where = { shopId: shop.id, customerId: customer.id, currency: shop.currency };
      const [balances, { entries, next }] = await Promise.all([
        readWallet(em(), shop, customer.id),
        listWalletPage(em(), where, { from: c.req.valid('query').cursor, limit: pageSize }),
      ]);
      const told: WalletAnswer = {
        currency: shop.currency,
        balance: balanceOf(balances),
        ...balances,
        entries: entries.map(({ id, at, amount, balance, reason, actor, orderCode }) => ({
          id,
          at: at.toISOString(),
          amount,
          balance,
          reason,
          by: toActor(actor),
          code: orderCode,
        })),
        next,
      };
      return c.json(told);
    })
    .get('/refills', visit, async (c) => {
      const { shop } = c.var.visitor;
      const methods = await listRefillMethods(em(), buyerOf(c.var.visitor));
      const { minimum, maximum } = methods.length === 0 ? { minimum: 0, maximum: 0 } : await readRefillBounds(em(), shop, methods);
      const told: RefillsAnswer = {
        currency: shop.currency,
        minimum,
        maximum,
        suggested: methods.length === 0 ? [] : suggestAmounts({ minimum, maximum }, shop.currency),
        methods: methods.map((one) => ({
          method: one.method,
          minimum: Math.max(minimum, one.minimum),
          maximum: Math.min(maximum, one.maximum),
          coins: takesCoins(one.method),
        })),
      };
      return c.json(told);
    })
    .get('/coins', visit, aboutMoney, inQuery(coinsQuery), async (c) => {
      const { visitor } = c.var;
      const { method } = c.req.valid('query');
      const at = new Date();
      await renewCoinOffers(context, visitor, method);
      const { usable, id } = await findUsableMethod(em(), visitor.shop, method, { customerId: visitor.customer.id, at });
      const offers = usable ? await readCoinOffers(em(), { accountId: id, currency: visitor.shop.currency, at }) : [];
      const told: CoinsAnswer = {
        currency: visitor.shop.currency,
        coins: offers.map(({ coin, minimum, price = null }) => ({ coin, minimum, price })),
      };
      return c.json(told);
    });
}
