/** The steps of a basket that buys itself, and its two calls outside: placing its order, and asking its customer. */
import { ApplicationFailure } from '@temporalio/common';
import type { AutoBuy } from '../db/entities/auto-buy.ts';
import { Customer } from '../db/entities/customer.ts';
import { Shop } from '../db/entities/shop.ts';
import { findAutoBuy } from '../db/repositories/auto-buy.ts';
import { readSetting } from '../db/repositories/setting.ts';
import { isLater } from '../temporal/deadline.ts';
import { ringAutoBuy } from '../temporal/auto-buy.ts';
import { placeOrder } from '../temporal/order.ts';
import { autoBuyAskedScreen } from '../texts/screens/auto-buy.ts';
import type { AutoBuyInput, AutoBuyRow } from '../workflows/messages/auto-buy.ts';
import { closeAutoBuy, endAutoBuy, lookAutoBuy, openAutoBuy, toRow } from './auto-buy/steps.ts';
import { botOf } from './bot.ts';
import type { ActivityContext } from './context.ts';
import { failing } from './failure.ts';
import { sendNotice } from './tell/notices.ts';
import { wordingOf } from '../texts/wording.ts';

/** `at`: workflow time, ms since epoch. */
interface At {
  readonly orderCode: string;
  readonly at: number;
}

export function createAutoBuyActivities({ db, secrets, telegram, door }: Pick<ActivityContext, 'db' | 'secrets' | 'telegram' | 'door'>) {
  const em = () => db.em.fork();
  const need = async (orderCode: string): Promise<AutoBuy> => {
    const wish = await findAutoBuy(em(), orderCode);
    if (!wish) throw ApplicationFailure.nonRetryable(`There is no wish ${orderCode}`, 'Unexpected');
    return wish;
  };

  return failing({
    /** Keeps the wish, or answers the row as it stands; an earlier wish of the customer that waits ends. */
    openAutoBuy: ({ orderCode, wish, at }: AutoBuyInput & At): Promise<AutoBuyRow> => openAutoBuy(em(), { orderCode, wish }, new Date(at)),

    /** Money may have come, or time has passed: decides whether to buy, to ask, or to go on waiting. */
    lookAutoBuy: ({ orderCode, at }: At): Promise<AutoBuyRow> => lookAutoBuy(em(), orderCode, new Date(at)),

    /** Gives it up while it waits: by its customer, or in the Temporal UI. */
    endAutoBuy: ({ orderCode, customerId, at }: At & { readonly customerId?: number | undefined }): Promise<AutoBuyRow> =>
      endAutoBuy(em(), orderCode, customerId, new Date(at)),

    /** What came of placing its order. */
    closeAutoBuy: ({ orderCode, rejected, at }: At & { readonly rejected: string | null }): Promise<AutoBuyRow> =>
      closeAutoBuy(em(), orderCode, rejected, new Date(at)),

    /** Places its order by the wallet: the same however often it is asked. @returns why it was refused, or null */
    async placeAutoBuy({ orderCode }: Pick<At, 'orderCode'>): Promise<{ rejected: string | null }> {
      const wish = await need(orderCode);
      const { shopId, customerId, lines, shownTotal, total, promoCodeId, fromBasket, language } = wish;
      const answer = await placeOrder(door, orderCode, {
        shopId,
        customerId,
        lines,
        shownTotal: total ?? shownTotal,
        code: promoCodeId,
        method: 'wallet',
        holdSeconds: await readSetting(em(), shopId, 'holdSeconds'),
        fromBasket,
        language,
      });
      if (isLater(answer)) throw ApplicationFailure.create({ message: 'The order was not answered in time', type: 'Unexpected' });
      // Over already: its row, or that there is none, is the answer.
      if ('closed' in answer) return { rejected: null };
      if (answer.ok) return { rejected: answer.existing === undefined ? null : 'AlreadyPlaced' };
      return { rejected: answer.rejected };
    },

    /** Asks the customer whose money came although nothing was bought by it. */
    async tellAutoBuy({ orderCode, at }: At): Promise<AutoBuyRow> {
      const wish = await need(orderCode);
      if (wish.status === 'asked' && !wish.toldAt) {
        const shop = await em().findOneOrFail(Shop, { id: wish.shopId });
        const { chatId } = await em().findOneOrFail(Customer, { id: wish.customerId });
        await sendNotice(
          botOf({ secrets, telegram }, shop),
          chatId,
          autoBuyAskedScreen({ ...wish, currency: shop.currency }, wordingOf(shop, wish.language)),
        );
        await em().execute('update auto_buy set told_at = ? where code = ?', [new Date(at), orderCode]);
      }
      return toRow(await need(orderCode));
    },

    /** Rings wishes; those whose workflow is over need none. */
    async ringAutoBuys({ orderCodes }: { readonly orderCodes: readonly string[] }): Promise<void> {
      for (const orderCode of orderCodes) await ringAutoBuy(door, orderCode);
    },
  });
}

export type AutoBuyActivities = ReturnType<typeof createAutoBuyActivities>;
