/** The customer's orders: what they hold, paying them otherwise, giving them up, having them sent again. All of it by their own customer alone. */
import { Hono } from 'hono';
import { isPaid, type OrderView } from '../../domain/order.ts';
import { hasClaims } from '../../db/repositories/claim.ts';
import { markShown, readGoods } from '../../db/repositories/delivery.ts';
import { findOrderView, listOrdersFrom } from '../../db/repositories/order.ts';
import { readOrderStory } from '../../db/repositories/order-story.ts';
import { findPaymentOf } from '../../db/repositories/payment-state.ts';
import { findPhoto } from '../../db/repositories/photo.ts';
import { isLater } from '../../temporal/deadline.ts';
import { resendOrder } from '../../temporal/delivery.ts';
import { cancelOrder } from '../../temporal/order.ts';
import type { ApiContext } from '../context.ts';
import { inBody, inHeaders, inPath, inQuery } from '../input.ts';
import { attemptOf, isShown, listOtherMethods, mayShow, toLine, toListed, toRow, toStep } from '../order-view.ts';
import { claimCode, payOtherwise } from '../payment/calls.ts';
import { notReady, refusal } from '../payment/refusal.ts';
import { callHeaders } from '../payment/schemas.ts';
import type { Telling } from '../payment/telling.ts';
import { answerPicture } from '../picture.ts';
import { notFound } from '../problem.ts';
import { type GoodsAnswer, type OrderAnswer, orderLinePath, orderPath, orderPhotoPath, payBody } from '../schemas/order.ts';
import { pageQuery } from '../schemas/wallet.ts';
import { buyerOf, type Visitor } from '../visitor/identify.ts';
import type { Entrance } from '../visitor/visit.ts';

const pageSize = 20;

export function createOrderRoutes(context: ApiContext, { visit, aboutMoney }: Entrance, { tellPayment, tellStatus }: Telling) {
  const { db, door, secrets } = context;
  const em = () => db.em.fork();

  /** An order of somebody else is as unknown as none. */
  async function findOwn({ shop, customer }: Visitor, code: string): Promise<OrderView> {
    const view = await findOrderView(em(), code);
    if (!view || view.shopId !== shop.id || view.customerId !== customer.id) throw notFound('code');
    return view;
  }

  async function readLineGoods(line: OrderView['lines'][number]): Promise<GoodsAnswer['goods']> {
    const { texts, files } = await readGoods(em(), secrets, line);
    const told = texts.map(({ kind, text }) => ({ kind: kind === 'link' ? ('link' as const) : ('text' as const), text }));
    return [...told, ...files.map(({ name }) => ({ kind: 'file' as const, text: name }))];
  }

  async function readAnswer(visitor: Visitor, code: string): Promise<OrderAnswer> {
    const view = await findOwn(visitor, code);
    const [state, story, methods, canClaim, goods] = await Promise.all([
      findPaymentOf(em(), { noun: 'order', code }),
      readOrderStory(em(), code),
      listOtherMethods(em(), buyerOf(visitor), view),
      isPaid(view.status) && hasClaims(em(), { orderCode: code, customerId: visitor.customer.id, at: Date.now() }),
      Promise.all(view.lines.map((line) => (isShown(line.delivery) ? readLineGoods(line) : []))),
    ]);
    const unpaid = view.status === 'awaitingPayment' && !view.onItsWay;
    return {
      ...toRow(view),
      tax: view.tax,
      promo: view.promo,
      paidAt: view.paidAt === null ? null : new Date(view.paidAt).toISOString(),
      endedBy: view.endedBy,
      held: view.held,
      toWallet: view.toWallet,
      lines: view.lines.map((line, index) => ({ ...toLine(line), goods: goods[index] ?? [] })),
      refunds: view.refunds.map(({ amount, currency, status }) => ({ amount, currency, status })),
      payment: state ? await tellStatus(visitor, state) : null,
      paymentId: state?.id ?? null,
      attempt: attemptOf(view) + 1,
      methods,
      canCancel: unpaid,
      canResend: isPaid(view.status) && view.lines.some(({ delivery }) => delivery?.status === 'sent' || delivery?.status === 'staffTask'),
      canClaim,
      timeline: story.map(toStep),
    };
  }

  return new Hono()
    .get('/orders', visit, inQuery(pageQuery), async (c) => {
      const { customer } = c.var.visitor;
      const { orders, next } = await listOrdersFrom(em(), customer.id, { after: c.req.valid('query').cursor, limit: pageSize });
      return c.json({ orders: orders.map(toListed), next });
    })
    .get('/orders/:code', visit, inPath(orderPath), async (c) => c.json(await readAnswer(c.var.visitor, c.req.valid('param').code)))
    .post('/orders/:code/cancel', visit, inPath(orderPath), async (c) => {
      const { visitor } = c.var;
      const { code } = await findOwn(visitor, c.req.valid('param').code);
      const answer = await cancelOrder(door, code, { by: 'customer', actor: `customer:${visitor.customer.id}` });
      if (isLater(answer)) throw notReady();
      const told = await readAnswer(visitor, code);
      // Asked twice, granted once: what the customer wanted has happened.
      if (told.status === 'cancelled') return c.json(told);
      if ('closed' in answer || answer.ok) throw refusal(isPaid(told.status) ? 'AlreadyPaid' : 'AlreadyEnded', {}, 'code');
      throw refusal(answer.rejected, {}, 'code');
    })
    .post('/orders/:code/resend', visit, aboutMoney, inPath(orderPath), async (c) => {
      const { visitor } = c.var;
      const { code } = await findOwn(visitor, c.req.valid('param').code);
      const answer = await resendOrder(door, { orderCode: code, actor: `customer:${visitor.customer.id}` });
      if (isLater(answer)) throw notReady();
      if (!answer.ok) throw refusal(answer.rejected, {}, 'code');
      return c.json(await readAnswer(visitor, code));
    })
    .post('/orders/:code/lines/:lineId/show', visit, inPath(orderLinePath), async (c) => {
      const { visitor } = c.var;
      const { code, lineId } = c.req.valid('param');
      const line = (await findOwn(visitor, code)).lines.find(({ id }) => id === lineId);
      if (!line?.delivery) throw notFound('lineId');
      if (!mayShow(line)) throw refusal('NothingToSend', {}, 'lineId');
      // Marked before it is read: what was shown is not taken back by a refund.
      const shown = await markShown(em(), { deliveryId: line.delivery.id, customerId: visitor.customer.id, at: new Date() });
      if (!shown || typeof shown === 'string') throw refusal(shown ?? 'NothingToSend', {}, 'lineId');
      return c.json({ goods: await readLineGoods(line) } satisfies GoodsAnswer);
    })
    .post('/orders/:code/pay', visit, aboutMoney, inPath(orderPath), inHeaders(callHeaders, 'x-nonce'), inBody(payBody), async (c) => {
      const [{ visitor }, body, headers] = [c.var, c.req.valid('json'), c.req.valid('header')];
      const { code } = await findOwn(visitor, c.req.valid('param').code);
      const call = { nonce: headers['x-nonce'], key: headers['idempotency-key'], noun: 'order', asked: { pays: code, ...body } } as const;
      await claimCode(context, visitor, { ...call, code });
      return c.json(await tellPayment(visitor, await payOtherwise(context, visitor, code, body)));
    })
    .get('/orders/:code/photos/:id', visit, inPath(orderPhotoPath), async (c) => {
      const { code, id } = c.req.valid('param');
      const { lines } = await findOwn(c.var.visitor, code);
      const isSeen = lines.some((line) => toLine(line).place?.photoId === id);
      const photo = isSeen ? await findPhoto(em(), c.var.visitor.shop.id, id) : undefined;
      return answerPicture(c, photo, 'private');
    });
}
