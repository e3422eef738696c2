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

/** What paid orders bring. Asked after every one of them, so it costs one look when there is nothing new. */
export async function awardPurchases(em: EntityManager, { shopId, customerId }: Winner, currency: string): Promise<void> {
  const [due] = await run<{ first: boolean; big: boolean }>(
    em,
    `select not exists (select from achievement where customer_id = $1 and name = 'firstPurchase') as first,
            case when exists (select from achievement where customer_id = $1 and name = 'bigSpender') then false
                 else (select coalesce(sum(total), 0) from "order" where customer_id = $1 and status in ('paid', 'delivered')) >= $2 end as big`,
    [customerId, bigSpenderThreshold(currency)],
  );
  const names = [...(due?.first ? (['firstPurchase'] as const) : []), ...(due?.big ? (['bigSpender'] as const) : [])];
  if (names.length > 0) await em.transactional((tx) => award(tx, { shopId, customerId }, names));
}

/** What a customer has, in the order badges are shown. */
export async function listAchievements(em: EntityManager, customerId: number): Promise<AchievementName[]> {
  const rows = await em.find(Achievement, { customerId });
  return achievementNames.filter((name) => rows.some((row) => row.name === name));
}
