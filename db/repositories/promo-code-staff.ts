/** Promo codes as staff make, list and stop them; each act leaves an audit entry. */
import type { PromoCodeKind } from '../../domain/promo-code.ts';
import { Audit } from '../entities/audit.ts';
import { PromoCode, PromoCodeCustomer } from '../entities/promo-code.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { type PromoCodeStats, readCodeStats } from './promo-code.ts';

/** Amounts in minor units of the shop's currency. */
export interface PromoCodeWish {
  readonly shopId: number;
  /** In capital letters, as `parsePromoCode` answers. */
  readonly code: string;
  readonly description: string;
  readonly kind: PromoCodeKind;
  /** Whole percent, or minor units. */
  readonly value: number;
  readonly useLimit: number | null;
  readonly customerLimit: number | null;
  readonly firstOrderOnly: boolean;
  readonly productId: number | null;
  readonly categoryId: number | null;
  readonly minimumTotal: number;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  /** Whom it is for; everybody when empty. */
  readonly customerIds: readonly number[];
  readonly actor: string;
  readonly at: Date;
}

/** Makes a code. @returns undefined when the shop has one of this name */
export async function createPromoCode(em: EntityManager, wish: PromoCodeWish): Promise<PromoCode | undefined> {
  const { customerIds, actor, at, ...code } = wish;
  return em.transactional(async (tx) => {
    const [taken] = await run(
      tx,
      'select pg_advisory_xact_lock(hashtext($1)), (select 1 from promo_code where shop_id = $2 and code = $3) as one',
      [`promo-code:${wish.shopId}:${wish.code}`, wish.shopId, wish.code],
    );
    if (taken?.one) return undefined;
    const made = tx.create(PromoCode, { ...code, remaining: code.useLimit, createdAt: at });
    tx.persist(made);
    await tx.flush();
    for (const customerId of customerIds) tx.persist(tx.create(PromoCodeCustomer, { promoCodeId: made.id, customerId }));
    const after = {
      kind: code.kind,
      value: code.value,
      useLimit: code.useLimit,
      customerLimit: code.customerLimit,
      customers: customerIds.length,
    };
    record(tx, made, { actor, action: 'promoCode.create', after, at });
    await tx.flush();
    return made;
  });
}

/** Stops a code: no further order may use it; those that hold it keep it. Stopped again, nothing changes. */
export async function stopPromoCode(em: EntityManager, code: PromoCode, { actor, at }: { actor: string; at: Date }): Promise<void> {
  await em.transactional(async (tx) => {
    const stopped = await run(tx, 'update promo_code set stopped_at = $2 where id = $1 and stopped_at is null returning id', [code.id, at]);
    if (stopped.length > 0) record(tx, code, { actor, action: 'promoCode.stop', after: null, at });
    await tx.flush();
  });
}

export async function findPromoCode(em: EntityManager, shopId: number, code: string): Promise<PromoCode | undefined> {
  return (await em.findOne(PromoCode, { shopId, code }, { refresh: true })) ?? undefined;
}

/** The newest codes of a shop, with how they have done. */
export async function listPromoCodes(
  em: EntityManager,
  shopId: number,
  limit: number,
): Promise<{ readonly code: PromoCode; readonly stats: PromoCodeStats }[]> {
  const codes = await em.find(PromoCode, { shopId }, { orderBy: { id: 'desc' }, limit });
  const found = [];
  for (const code of codes) found.push({ code, stats: await readCodeStats(em, code.id) });
  return found;
}

function record(
  em: EntityManager,
  { shopId, code }: Pick<PromoCode, 'shopId' | 'code'>,
  entry: { actor: string; action: string; after: unknown; at: Date },
): void {
  em.persist(em.create(Audit, { shopId, subject: 'promoCode', subjectId: code, before: null, ...entry }));
}
