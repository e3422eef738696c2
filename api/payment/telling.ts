/** Payments told to the page: with the links that only the shop's bot can make. */
import type { PaymentState } from '../../db/repositories/payment-state.ts';
import { openBotToken } from '../../db/repositories/shop.ts';
import { createInvoiceLinks } from '../../gateways/telegram/invoice-links.ts';
import type { ApiContext } from '../context.ts';
import type { Visitor } from '../visitor/identify.ts';
import { type MakeLink, toPaymentAnswer, toStatusAnswer } from './answer.ts';
import { untilReady } from './calls.ts';
import { notReady } from './refusal.ts';
import type { PaymentAnswer, StatusAnswer } from './schemas.ts';

export interface Telling {
  makeLinkFor(visitor: Visitor): MakeLink;
  /** How it is paid, once that can be said. @throws Problem when it is over, or not ready in time */
  tellPayment(visitor: Visitor, state: PaymentState): Promise<PaymentAnswer>;
  tellStatus(visitor: Visitor, state: PaymentState): Promise<StatusAnswer>;
}

export function createTelling(context: ApiContext): Telling {
  const { secrets, telegram } = context;
  const linkOf = createInvoiceLinks();
  const makeLinkFor = ({ shop }: Visitor): MakeLink => {
    return async (invoice) => {
      const token = openBotToken(secrets, shop);
      return token === undefined ? undefined : linkOf(telegram.bot(token), shop.botId ?? 0, invoice);
    };
  };
  return {
    makeLinkFor,
    async tellPayment(visitor, state) {
      const ready = await untilReady(context, state);
      const told = await toPaymentAnswer(ready, makeLinkFor(visitor));
      if (!told) throw notReady({ payment_id: ready.id });
      return told;
    },
    tellStatus: (visitor, state) => toStatusAnswer(state, makeLinkFor(visitor)),
  };
}
