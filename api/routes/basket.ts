/** The customer's basket, which is the one of the chat, and what lines cost: by the function that prices the order. */
import { Hono } from 'hono';
import { spendableOf } from '../../domain/ledger.ts';
import { offeredMethods } from '../../domain/method-rule.ts';
import { inStars, takesCoins } from '../../domain/payment.ts';
import { putInBasket, readBasket, replaceBasket } from '../../db/repositories/basket.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { findTopUp, listUsableMethods } from '../../db/repositories/offered-method.ts';
import { type AppliedAnswer, applyCode, removeCode } from '../../db/repositories/promo-code.ts';
import { quoteBasket, type QuotedLines, quotePlacedLines } from '../../db/repositories/quote.ts';
import { readSetting } from '../../db/repositories/setting.ts';
import type { ApiContext } from '../context.ts';
import { inBody, inPath, inQuery } from '../input.ts';
import { orTooMuch, type Reason, refusal } from '../payment/refusal.ts';
import { type BasketAnswer, basketBody, basketLineBody, codeBody, type QuoteAnswer, quoteQuery } from '../schemas/basket.ts';
import { productPath } from '../schemas/shop.ts';
import { buyerOf, type Visitor } from '../visitor/identify.ts';
import type { Entrance } from '../visitor/visit.ts';
import { toProduct } from './shop.ts';

function toQuote({ shop }: Visitor, { shown, quote, gone, code }: QuotedLines) {
  return {
    lines: shown.map(({ product, quantity }) => {
      const line = quote.lines.find(({ productId }) => productId === product.id) ?? product.quote;
      const { codeDiscount } = line;
      return { ...toProduct({ ...product, quote: line }), quantity, codeDiscount, total: line.price * quantity - codeDiscount };
    }),
    gone: [...gone],
    total: quote.total,
    starsTotal: quote.starsTotal,
    tax: quote.tax,
    currency: shop.currency,
    code: code && {
      code: code.code,
      refusal: code.refusal,
      minimumTotal: code.minimumTotal,
      saved: code.saved,
      savedStars: code.savedStars,
    },
  };
}

const reasonOf = (why: Extract<AppliedAnswer, { ok: false }>['why']): Reason =>
  why === 'unknown' ? 'CodeUnknown' : why === 'tooMany' ? 'TooManyTries' : why;

export function createBasketRoutes({ db }: ApiContext, { visit }: Entrance) {
  const em = () => db.em.fork();

  async function readAnswer(visitor: Visitor): Promise<BasketAnswer> {
    const basket = await quoteBasket(em(), buyerOf(visitor)).catch(orTooMuch);
    return { ...toQuote(visitor, basket), groups: basket.groups.map((group) => group.map(({ product }) => product.id)) };
  }

  return new Hono()
    .get('/basket', visit, async (c) => c.json(await readAnswer(c.var.visitor)))
    .put('/basket', visit, inBody(basketBody), async (c) => {
      const { lines } = c.req.valid('json');
      const gone = await replaceBasket(em(), buyerOf(c.var.visitor), lines);
      if (gone !== undefined)
        throw refusal('ProductGone', { productId: gone }, `lines.${lines.findIndex((line) => line.productId === gone)}`);
      return c.json(await readAnswer(c.var.visitor));
    })
    .put('/basket/lines/:productId', visit, inPath(productPath), inBody(basketLineBody), async (c) => {
      const line = { productId: c.req.valid('param').productId, quantity: c.req.valid('json').quantity };
      const refused = await putInBasket(em(), buyerOf(c.var.visitor), line);
      if (refused) throw refusal(refused);
      return c.json(await readAnswer(c.var.visitor));
    })
    .post('/basket/code', visit, inBody(codeBody), async (c) => {
      const { shop, customer } = c.var.visitor;
      const { code } = c.req.valid('json');
      const answer = await applyCode(em(), { shopId: shop.id, customerId: customer.id, text: code, at: new Date() });
      if (!answer.ok) throw refusal(reasonOf(answer.why), {}, 'code');
      return c.json(await readAnswer(c.var.visitor));
    })
    .delete('/basket/code', visit, async (c) => {
      await removeCode(em(), c.var.visitor.customer.id);
      return c.json(await readAnswer(c.var.visitor));
    })
    .get('/quote', visit, inQuery(quoteQuery), async (c) => {
      const { visitor } = c.var;
      const [buyer, { shop }] = [buyerOf(visitor), visitor];
      const lines = c.req.valid('query').lines ?? (await readBasket(em(), buyer.customerId));
      const quoted = await quotePlacedLines(em(), buyer, lines).catch(orTooMuch);
      const { quote } = quoted;
      const [usable, balances, topUp, holdSeconds] = await Promise.all([
        listUsableMethods(em(), buyer, quote.methods),
        readWallet(em(), shop, buyer.customerId),
        quote.methods.includes('wallet') ? findTopUp(em(), buyer, quote) : undefined,
        readSetting(em(), shop.id, 'holdSeconds'),
      ]);
      const offered = offeredMethods(quote, usable);
      const told: QuoteAnswer = {
        ...toQuote(visitor, quoted),
        methods: usable.map(({ method, minimum, maximum }) => ({
          method,
          amount: inStars(method) ? (quote.starsTotal ?? 0) : quote.total,
          currency: inStars(method) ? 'XTR' : shop.currency,
          minimum,
          maximum,
          offered: offered.includes(method),
          coins: takesCoins(method),
        })),
        balance: spendableOf(balances, quote.forStars),
        topUp: topUp ?? null,
        holdSeconds,
        open: shop.open,
      };
      return c.json(told);
    });
}
