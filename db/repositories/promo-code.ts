/** Promo codes: how one stands for a customer, how a use is held by an order and goes where its order goes. */
import type { OrderStatus } from '../../domain/order.ts';
import { judgeCustomer, parsePromoCode, type CodeRefusal, type StandingCode, useAfter } from '../../domain/promo-code.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { answerWithinMs } from './awaited-answer.ts';

/** Orders that were paid, or may be yet. A refunded one counts, unless the shop itself could not fulfil it. */
const ordered = (customer: string) => `exists (select from "order" o where o.customer_id = ${customer}
  and (o.status in ('awaitingPayment', 'awaitingSettlement', 'paid', 'delivered')
       or (o.status = 'refunded' and not exists (select from refund r where r.order_id = o.id and r.reason = 'unfulfillable'))))`;

/** A code `k` as it stands for a customer, as JSON; `customer` is an expression. */
export const standingCodeSql = (customer: string) => `to_jsonb(k) || jsonb_build_object(
  'allowed', not exists (select from promo_code_customer a where a.promo_code_id = k.id)
             or exists (select from promo_code_customer a where a.promo_code_id = k.id and a.customer_id = ${customer}),
  'used_by_customer', (select count(*)::int from promo_use u
                        where u.promo_code_id = k.id and u.customer_id = ${customer} and u.status <> 'released'),
  'has_ordered', k.first_order_only and ${ordered(customer)})`;

export interface StandingCodeJson {
  readonly id: number;
  readonly code: string;
  readonly kind: StandingCode['kind'];
  readonly value: number;
  readonly product_id: number | null;
  readonly category_id: number | null;
  readonly remaining: number | null;
  readonly customer_limit: number | null;
  readonly first_order_only: boolean;
  readonly minimum_total: number;
  readonly starts_at: string | null;
  readonly ends_at: string | null;
  readonly stopped_at: string | null;
  readonly allowed: boolean;
  readonly used_by_customer: number;
  readonly has_ordered: boolean;
}

export function readStandingCode(json: StandingCodeJson): StandingCode {
  const time = (text: string | null) => (text === null ? null : Date.parse(text));
  return {
    id: json.id,
    code: json.code,
    kind: json.kind,
    value: json.value,
    productId: json.product_id,
    categoryId: json.category_id,
    remaining: json.remaining,
    customerLimit: json.customer_limit,
    firstOrderOnly: json.first_order_only,
    minimumTotal: json.minimum_total,
    startsAt: time(json.starts_at),
    endsAt: time(json.ends_at),
    stoppedAt: time(json.stopped_at),
    allowed: json.allowed,
    usedByCustomer: json.used_by_customer,
    hasOrdered: json.has_ordered,
  };
}

/** The code a customer has entered, as it stands for them; undefined when there is none. */
export async function findAppliedCode(em: EntityManager, shopId: number, customerId: number): Promise<StandingCode | undefined> {
  const [row] = await run<{ code: StandingCodeJson }>(
    em,
    `select ${standingCodeSql('$2')} as code from applied_code e join promo_code k on k.id = e.promo_code_id
      where e.customer_id = $2 and k.shop_id = $1`,
    [shopId, customerId],
  );
  return row && readStandingCode(row.code);
}

/** How many codes that are none a customer may try, and in what time. */
export const codeTryLimit = 5;
export const codeTryMs = 10 * 60_000;

/** `tooMany`: they have guessed too often lately; `unknown`: there is no such code. */
export type AppliedAnswer =
  | { readonly ok: true; readonly code: StandingCode }
  | { readonly ok: false; readonly why: 'unknown' | 'tooMany' | CodeRefusal };

/** Enters a code for a customer: everything they buy next reckons with it. `at` by the caller's clock. */
export async function applyCode(
  em: EntityManager,
  { shopId, customerId, text, at }: { readonly shopId: number; readonly customerId: number; readonly text: string; readonly at: Date },
): Promise<AppliedAnswer> {
  return em.transactional(async (tx) => {
    if (!(await mayTry(tx, customerId, at))) return { ok: false, why: 'tooMany' };
    const code = await findCode(tx, { shopId, customerId, text });
    if (!code) {
      await noteTry(tx, customerId, at);
      return { ok: false, why: 'unknown' };
    }
    const refusal = judgeCustomer(code, at.getTime());
    if (refusal) return { ok: false, why: refusal };
    await enterCode(tx, customerId, code.id);
    return { ok: true, code };
  });
}

/** A code by its words, as it stands for a customer; undefined when the shop has none of them. */
export async function findCode(
  em: EntityManager,
  { shopId, customerId, text }: { readonly shopId: number; readonly customerId: number; readonly text: string },
): Promise<StandingCode | undefined> {
  const [row] = await run<{ code: StandingCodeJson }>(
    em,
    `select ${standingCodeSql('$3')} as code from promo_code k where k.shop_id = $1 and k.code = $2`,
    [shopId, parsePromoCode(text) ?? '', customerId],
  );
  return row && readStandingCode(row.code);
}

/** It is what the customer has entered from now on, whether it applies or not: their order may name it. */
export async function enterCode(em: EntityManager, customerId: number, codeId: number): Promise<void> {
  await run(
    em,
    `insert into applied_code (customer_id, promo_code_id) values ($1, $2)
     on conflict (customer_id) do update set promo_code_id = excluded.promo_code_id`,
    [customerId, codeId],
  );
}

/** Whether a customer may try a code; guesses of one customer come one after the other. */
export async function mayTry(em: EntityManager, customerId: number, at: Date): Promise<boolean> {
  await run(em, 'select 1 from customer where id = $1 for no key update', [customerId]);
  const [row] = await run<{ tries: number }>(em, 'select count(*)::int as tries from code_try where customer_id = $1 and at > $2', [
    customerId,
    new Date(at.getTime() - codeTryMs),
  ]);
  return (row?.tries ?? 0) < codeTryLimit;
}

export async function noteTry(em: EntityManager, customerId: number, at: Date): Promise<void> {
  await run(em, 'insert into code_try (customer_id, at) values ($1, $2)', [customerId, at]);
}

/** Takes the entered code away. */
export async function removeCode(em: EntityManager, customerId: number): Promise<void> {
  await run(em, 'update applied_code set promo_code_id = null where customer_id = $1', [customerId]);
}

/** Asks for a code: the customer's next words within a quarter of an hour are one. `askedFor`: the screen to come back to. */
export async function askForCode(em: EntityManager, wish: { customerId: number; askedFor: string; at: Date }): Promise<void> {
  await run(
    em,
    `insert into applied_code (customer_id, asked_at, asked_for) values ($1, $2, $3)
     on conflict (customer_id) do update set asked_at = excluded.asked_at, asked_for = excluded.asked_for`,
    [wish.customerId, wish.at, wish.askedFor],
  );
}

/** Whether a customer's words are a code they were asked for; asked once. @returns the screen to come back to */
export async function takeAskedCode(em: EntityManager, customerId: number, at: Date): Promise<string | undefined> {
  const [row] = await run<{ asked_for: string }>(
    em,
    `with asked as (select asked_for from applied_code where customer_id = $1 and asked_at > $2 for update)
     update applied_code set asked_at = null from asked where customer_id = $1 returning asked.asked_for`,
    [customerId, new Date(at.getTime() - answerWithinMs)],
  );
  return row?.asked_for;
}

/**
 * Holds a use for an order that was just inserted; of two who come for the last one at once one finds it. Call it late: a limited code is
 * locked until the end of the transaction. @returns false when none is left
 */
export async function reserveUse(
  em: EntityManager,
  use: { codeId: number; shopId: number; orderId: number; customerId: number; saved: number; savedStars: number; at: Date },
): Promise<boolean> {
  const rows = await run(
    em,
    `with taken as (update promo_code set remaining = remaining - 1 where id = $1 and remaining > 0 returning id),
          free as (select id from taken union all select id from promo_code where id = $1 and remaining is null),
          entered as (update applied_code set promo_code_id = null where customer_id = $4 and promo_code_id = $1)
     insert into promo_use (promo_code_id, shop_id, order_id, customer_id, saved, saved_stars, status, reserved_at)
     select free.id, $2, $3, $4, $5, $6, 'reserved', $7 from free returning id`,
    [use.codeId, use.shopId, use.orderId, use.customerId, use.saved, use.savedStars, use.at],
  );
  return rows.length > 0;
}

/**
 * A use goes where its order went; asked again it stays there. What is released may be used again, and the customer has the code back. The code is
 * locked before what is entered, as by `reserveUse`: the insert asks for what was freed before it writes its row.
 */
export async function moveUse(em: EntityManager, order: { readonly id: number; readonly status: string }): Promise<void> {
  const after = useAfter(order.status as OrderStatus);
  if (!after) return;
  await run(
    em,
    `with moved as (update promo_use set status = $2 where order_id = $1 and status = any($3::text[]) returning promo_code_id, customer_id),
          freed as (update promo_code k set remaining = remaining + 1 from moved
                     where $2 = 'released' and k.id = moved.promo_code_id and k.remaining is not null returning k.id)
     insert into applied_code (customer_id, promo_code_id)
     select customer_id, promo_code_id from moved where $2 = 'released' and (select count(*) from freed) >= 0
     on conflict (customer_id) do update set promo_code_id = coalesce(applied_code.promo_code_id, excluded.promo_code_id)`,
    [order.id, after.status, after.from],
  );
}

/** How a code has done: uses by what became of them, and what its paid orders brought and saved, in minor units. */
export interface PromoCodeStats {
  readonly reserved: number;
  readonly used: number;
  readonly released: number;
  readonly revoked: number;
  readonly customers: number;
  /** Of orders paid in the shop's currency. */
  readonly revenue: number;
  readonly saved: number;
  readonly savedStars: number;
}

export async function readCodeStats(em: EntityManager, codeId: number): Promise<PromoCodeStats> {
  const [row] = await run<Record<keyof PromoCodeStats, string | number>>(
    em,
    `select count(*) filter (where u.status = 'reserved')::int as reserved, count(*) filter (where u.status = 'used')::int as used,
            count(*) filter (where u.status = 'released')::int as released, count(*) filter (where u.status = 'revoked')::int as revoked,
            count(distinct u.customer_id) filter (where u.status = 'used')::int as customers,
            coalesce(sum(o.total) filter (where u.status = 'used' and o.method <> 'stars'), 0) as revenue,
            coalesce(sum(u.saved) filter (where u.status = 'used' and o.method <> 'stars'), 0) as saved,
            coalesce(sum(u.saved_stars) filter (where u.status = 'used' and o.method = 'stars'), 0) as "savedStars"
       from promo_use u join "order" o on o.id = u.order_id where u.promo_code_id = $1`,
    [codeId],
  );
  if (!row) throw new Error('A sum without groups answers one row');
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])) as unknown as PromoCodeStats;
}
