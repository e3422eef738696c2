/** What a shop allows of its methods, and how they fare. */
import {
  afterFailure,
  boundsOf,
  findRuleMisfit,
  judgeRule,
  type MethodBounds,
  type MethodRule as Rule,
  noRule,
  ruledMethods,
  takesDeposits,
} from '../../domain/method-rule.ts';
import type { MethodName } from '../../domain/payment.ts';
import { Audit } from '../entities/audit.ts';
import { MethodHealth, MethodRule } from '../entities/method-rule.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { raiseAlert } from './alert.ts';

export interface MethodVerdict {
  /** Whether wallets are topped up by it. */
  readonly deposits: boolean;
  /** Why this customer may not use it now. */
  readonly barred: 'MethodUnavailable' | 'MethodNotYet' | undefined;
  readonly bounds: MethodBounds;
}

interface Found {
  readonly rule: boolean;
  readonly minimum: string | null;
  readonly maximum: string | null;
  readonly account_days: number | null;
  readonly delivered_orders: number | null;
  readonly staff_only: boolean | null;
  readonly hidden: boolean | null;
  readonly deposits: boolean | null;
  readonly hidden_until: Date | null;
  readonly since: Date | null;
  readonly delivered: number | null;
  readonly is_staff: boolean | null;
}

/** The customer's standing is looked up only where a rule asks for it. */
const facts = `
  select r.shop_id is not null as rule, r.minimum, r.maximum, r.account_days, r.delivered_orders, r.staff_only, r.hidden, r.deposits, h.hidden_until,
         c.created_at as since,
         case when r.delivered_orders > 0
              then (select count(*)::int from "order" o where o.customer_id = c.id and o.status = 'delivered') end as delivered,
         case when r.staff_only
              then exists (select from staff s where s.shop_id = c.shop_id and s.telegram_user_id = c.telegram_user_id and s.active) end as is_staff
    from (select $1::bigint as shop_id, $2::text as method) one
    left join method_rule r on r.shop_id = one.shop_id and r.method = one.method
    left join method_health h on h.shop_id = one.shop_id and h.method = one.method
    left join customer c on c.id = $3 and c.shop_id = one.shop_id`;

export interface MethodAsk {
  readonly customerId?: number | undefined;
  readonly at: Date;
  /** Methods of the shop with rules or troubles, where they are known: nothing is looked up for the others. */
  readonly ruled?: readonly MethodName[];
}

/** Whether a customer (or anybody) may use a method of the shop at `at`, and for how much. The wallet has no rules. */
export async function judgeMethod(
  em: EntityManager,
  shop: { readonly id: number; readonly currency: string },
  method: MethodName,
  asked: MethodAsk,
): Promise<MethodVerdict> {
  const { ruled = ruledMethods } = asked;
  if (!ruled.includes(method))
    return { barred: undefined, deposits: takesDeposits(method, noRule), bounds: boundsOf(method, shop.currency) };
  const [found] = await run<Found>(em, facts, [shop.id, method, asked.customerId ?? null]);
  const rule = found?.rule ? toRule(found) : noRule;
  const since = found?.since ? new Date(found.since).getTime() : undefined;
  const customer = since === undefined ? undefined : { since, deliveredOrders: found?.delivered ?? 0, isStaff: found?.is_staff ?? false };
  const hiddenUntil = found?.hidden_until ? new Date(found.hidden_until).getTime() : null;
  return {
    barred: judgeRule(rule, hiddenUntil, customer, asked.at.getTime()),
    deposits: takesDeposits(method, rule),
    bounds: boundsOf(method, shop.currency, rule),
  };
}

/** Those of these methods a customer may not use. */
export async function listBarredMethods(
  em: EntityManager,
  shop: { readonly id: number; readonly currency: string },
  methods: readonly MethodName[],
  asked: MethodAsk,
): Promise<MethodName[]> {
  const barred: MethodName[] = [];
  for (const method of methods) if ((await judgeMethod(em, shop, method, asked)).barred) barred.push(method);
  return barred;
}

function toRule(found: Found): Rule {
  return {
    minimum: found.minimum === null ? null : Number(found.minimum),
    maximum: found.maximum === null ? null : Number(found.maximum),
    accountDays: found.account_days ?? 0,
    deliveredOrders: found.delivered_orders ?? 0,
    staffOnly: found.staff_only ?? false,
    hidden: found.hidden ?? false,
    deposits: found.deposits,
  };
}

/** A rule as it stands; nothing is restricted where there is none. */
export async function readMethodRule(em: EntityManager, shopId: number, method: MethodName): Promise<Rule> {
  const row = await em.findOne(MethodRule, { shopId, method });
  if (!row) return noRule;
  const { minimum = null, maximum = null, accountDays, deliveredOrders, staffOnly, hidden, deposits = null } = row;
  return { minimum, maximum, accountDays, deliveredOrders, staffOnly, hidden, deposits };
}

/** Changes a rule within its bounds and leaves an audit entry. @returns what of it does not fit; nothing changes then */
export async function writeMethodRule(
  em: EntityManager,
  change: { readonly shopId: number; readonly method: MethodName; readonly rule: Partial<Rule>; readonly actor: string; readonly at: Date },
): Promise<keyof Rule | undefined> {
  const { shopId, method, actor, at } = change;
  return em.transactional(async (tx) => {
    const before = await readMethodRule(tx, shopId, method);
    const after = { ...before, ...change.rule };
    const misfit = findRuleMisfit(after);
    if (misfit !== undefined) return misfit;
    await tx.upsert(MethodRule, { shopId, method, ...after });
    tx.persist(tx.create(Audit, { shopId, actor, action: 'set', subject: 'methodRule', subjectId: method, before, after, at }));
    return undefined;
  });
}

export interface MethodState {
  readonly method: MethodName;
  readonly rule: Rule;
  readonly failed: number;
  readonly hiddenUntil: Date | null;
}

/** Every method of a shop that may have a rule, with its rule and how it fares. */
export async function listMethodStates(em: EntityManager, shopId: number): Promise<MethodState[]> {
  const healths = await em.find(MethodHealth, { shopId });
  const states: MethodState[] = [];
  for (const method of ruledMethods) {
    const health = healths.find((one) => one.method === method);
    const rule = await readMethodRule(em, shopId, method);
    states.push({ method, rule, failed: health?.failed ?? 0, hiddenUntil: health?.hiddenUntil ?? null });
  }
  return states;
}

interface Opening {
  readonly shopId: number;
  readonly method: MethodName;
  readonly at: Date;
}

/** A payment could not be opened, counted in the transaction that ends it. Too many in a row hide the method; staff are told once. */
export async function noteOpenFailed(em: EntityManager, { shopId, method, at }: Opening): Promise<void> {
  if (!ruledMethods.includes(method)) return;
  // Two that fail at once are counted one after the other.
  await run(em, 'select pg_advisory_xact_lock(hashtextextended($1, 7450))', [`method:${shopId}:${method}`]);
  const [row] = await run<{ failed: number; first_failed_at: Date; hidden_until: Date | null }>(
    em,
    'select failed, first_failed_at, hidden_until from method_health where shop_id = $1 and method = $2',
    [shopId, method],
  );
  const before = row && {
    failed: row.failed,
    firstFailedAt: new Date(row.first_failed_at).getTime(),
    hiddenUntil: row.hidden_until === null ? null : new Date(row.hidden_until).getTime(),
  };
  const after = afterFailure(before, at.getTime());
  await run(
    em,
    `insert into method_health (shop_id, method, failed, first_failed_at, hidden_until) values ($1, $2, $3, $4, $5)
     on conflict (shop_id, method) do update set failed = excluded.failed, first_failed_at = excluded.first_failed_at, hidden_until = excluded.hidden_until`,
    [shopId, method, after.failed, new Date(after.firstFailedAt), after.hiddenUntil === null ? null : new Date(after.hiddenUntil)],
  );
  if (after.hiddenUntil === null || before?.hiddenUntil != null) return;
  const key = `method:${method}:hidden:${at.toISOString()}`;
  await raiseAlert(em, { shopId, key, kind: 'methodHidden', params: { method, count: after.failed }, at });
}

/** A payment was opened: what failed before is over. Staff are told when the method was hidden for it. */
export async function noteOpened(em: EntityManager, { shopId, method, at }: Opening): Promise<void> {
  const rows = await run<{ hidden_until: Date | null }>(
    em,
    'delete from method_health where shop_id = $1 and method = $2 returning hidden_until',
    [shopId, method],
  );
  if (rows[0]?.hidden_until == null) return;
  await raiseAlert(em, { shopId, key: `method:${method}:back:${at.toISOString()}`, kind: 'methodBack', params: { method }, at });
}
