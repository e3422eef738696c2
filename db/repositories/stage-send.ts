/** Messages of stages: asked for once by their key, told by the notices of a customer or the alerts of the staff. */
import type { StageSendStatus } from '../../domain/stage.ts';
import { Audit } from '../entities/audit.ts';
import { Customer } from '../entities/customer.ts';
import type { Shop } from '../entities/shop.ts';
import { Stage, StageSend } from '../entities/stage.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { raiseAlert } from './alert.ts';
import { addNotice } from './notice.ts';
import { type Act, lockStage } from './stage.ts';

export interface SendWish extends Act {
  /** One of the shop. */
  readonly stageId: number;
  /** The staff chat, or the chat of a customer by its id at Telegram. */
  readonly chat: 'staff' | number;
  /** The caller's: the same again is the same message. */
  readonly key: string;
}

export type SendRefusal = 'StageGone' | 'ChatUnknown' | 'KeyOfAnotherCall';
export type SendAnswer = { readonly ok: true; readonly send: StageSend } | { readonly ok: false; readonly why: SendRefusal };

/** Writes down that a stage is to be sent; whoever can rings then, and the relay does anyway. Asked again, it answers what became of it. */
export async function sendStage(em: EntityManager, shop: Shop, { stageId, chat, key, actor, at }: SendWish): Promise<SendAnswer> {
  return em.fork().transactional(async (tx) => {
    const customerId = await findReceiver(tx, shop, chat);
    const known = await findSend(tx, shop.id, key);
    if (known) {
      const isSame = known.stageId === stageId && known.customerId === customerId;
      return isSame ? { ok: true, send: known } : { ok: false, why: 'KeyOfAnotherCall' };
    }
    if (customerId === undefined) return { ok: false, why: 'ChatUnknown' };
    const stage = await lockStage(tx, { shopId: shop.id, id: stageId });
    if (!stage) return { ok: false, why: 'StageGone' };
    const inserted = await run(
      tx,
      `insert into stage_send (shop_id, stage_id, customer_id, key, actor, asked_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (shop_id, key) do nothing returning id`,
      [shop.id, stage.id, customerId, key, actor, at],
    );
    const send = await findSend(tx, shop.id, key);
    if (!send) throw new Error('A message that was written is gone');
    // The same key in the same instant.
    if (inserted.length === 0)
      return send.stageId === stage.id && send.customerId === customerId ? { ok: true, send } : { ok: false, why: 'KeyOfAnotherCall' };
    const noticeKey = `stage:${send.id}`;
    if (customerId === null) {
      const params = { sendId: send.id, title: stage.title };
      await raiseAlert(tx, { shopId: shop.id, key: noticeKey, kind: 'stageSend', params, at });
    } else await addNotice(tx, { shopId: shop.id, customerId, key: noticeKey, content: { kind: 'stage', sendId: send.id } });
    const after = { sendId: send.id, to: customerId === null ? 'staff' : `customer:${customerId}` };
    tx.persist(
      tx.create(Audit, {
        shopId: shop.id,
        subject: 'stage',
        subjectId: String(stage.id),
        actor,
        action: 'stage.send',
        before: null,
        after,
        at,
      }),
    );
    await tx.flush();
    return { ok: true, send };
  });
}

/** @returns null for the staff chat; undefined for a chat the shop does not know */
async function findReceiver(em: EntityManager, shop: Shop, chat: SendWish['chat']): Promise<number | null | undefined> {
  if (chat === 'staff' || chat === shop.staffChatId) return shop.staffChatId == null ? undefined : null;
  return (await em.findOne(Customer, { shopId: shop.id, chatId: chat, bannedAt: null }))?.id;
}

async function findSend(em: EntityManager, shopId: number, key: string): Promise<StageSend | undefined> {
  return (await em.findOne(StageSend, { shopId, key }, { refresh: true })) ?? undefined;
}

/** A message to be sent with what it is about; the stage is null when it was removed meanwhile. */
export async function readSend(em: EntityManager, sendId: number): Promise<{ readonly send: StageSend; readonly stage: Stage | null }> {
  const send = await em.findOneOrFail(StageSend, { id: sendId }, { refresh: true });
  return { send, stage: await em.findOne(Stage, { id: send.stageId, removedAt: null }, { refresh: true }) };
}

/** Notes what became of it, once. */
export async function closeSend(em: EntityManager, sendId: number, status: Exclude<StageSendStatus, 'waiting'>, at: Date): Promise<void> {
  await run(em, `update stage_send set status = $2, closed_at = $3 where id = $1 and status = 'waiting'`, [sendId, status, at]);
}
