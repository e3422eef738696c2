/** Badges: awarded in the transaction of what earned them, once, and told by a notice. */
import { type AchievementName, achievementNames, bigSpenderThreshold } from '../../domain/achievement.ts';
import { Achievement } from '../entities/achievement.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { addNotice } from './notice.ts';

export interface Winner {
  readonly shopId: number;
  readonly customerId: number;
}

/** Awards what the customer does not have yet. `silently`: another notice tells of it. */
export async function award(
  em: EntityManager,
  { shopId, customerId }: Winner,
  names: readonly AchievementName[],
  { silently = false }: { readonly silently?: boolean } = {},
): Promise<void> {
  for (const name of names) {
    const inserted = await run(
      em,
      'insert into achievement (customer_id, shop_id, name) values ($1, $2, $3) on conflict (customer_id, name) do nothing returning name',
      [customerId, shopId, name],
    );
    if (inserted.length === 0 || silently) continue;
    await addNotice(em, { shopId, customerId, key: `achievement:${customerId}:${name}`, content: { kind: 'achievementAwarded', name } });
  }
}

/** A customer's purchases as badges see them. */
export interface Purchases {
  /** Whether the badge of the first one is still theirs to get. */
  readonly first: boolean;
  /** What they paid in all, minor units; null when they have the badge for it. */
  readonly spent: number | null;
}

/** The `Purchases` of the customer of an order `o`, as JSON. */
export const purchasesOf = `jsonb_build_object(
  'first', not exists (select from achievement a where a.customer_id = o.customer_id and a.name = 'firstPurchase'),
  'spent', case when not exists (select from achievement a where a.customer_id = o.customer_id and a.name = 'bigSpender')
                then (select coalesce(sum(b.total), 0) from "order" b where b.customer_id = o.customer_id and b.status in ('paid', 'delivered')) end)`;

/** Awards what paid orders bring. */
export async function awardPurchases(em: EntityManager, winner: Winner, { first, spent }: Purchases, currency: string): Promise<void> {
  const isBig = spent !== null && spent >= bigSpenderThreshold(currency);
  const names = [...(first ? (['firstPurchase'] as const) : []), ...(isBig ? (['bigSpender'] as const) : [])];
  if (names.length > 0) await em.transactional((tx) => award(tx, winner, names));
}

/** What a customer has, in the order badges are shown. */
export async function listAchievements(em: EntityManager, customerId: number): Promise<AchievementName[]> {
  const rows = await em.find(Achievement, { customerId });
  return achievementNames.filter((name) => rows.some((row) => row.name === name));
}
