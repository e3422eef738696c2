/**
 * The codes of orders and deposits on confirm screens drawn a moment ago, for all processes. Whoever presses "buy" again because nothing moves
 * yet has the screen drawn twice; with two codes on it, a tap on each would be two orders.
 */
import { randomBytes } from 'node:crypto';
import { makeOrderCode } from '../../domain/order-code.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

/** How long the same wish is taken for the same, ms. */
const sameWithinMs = 60_000;

/** Whose wish, and for what. */
export interface ConfirmWish {
  readonly customerId: number;
  readonly wish: string;
}

const stands = '(exists (select from "order" where code = known.code) or exists (select from deposit where code = known.code))';

/** The code the same wish was shown with within the last minute, unless an order or a deposit stands under it; else a new one. */
export async function takeConfirmCode(em: EntityManager, { customerId, wish }: ConfirmWish, at: Date): Promise<string> {
  const [code] = await takeConfirmCodes(em, { customerId, wishes: [wish] }, at);
  if (code === undefined) throw new Error('A wish has a code');
  return code;
}

/** The same for all wishes of one screen, in their order. */
export async function takeConfirmCodes(
  em: EntityManager,
  { customerId, wishes }: { readonly customerId: number; readonly wishes: readonly string[] },
  at: Date,
): Promise<string[]> {
  const oldest = new Date(at.getTime() - sameWithinMs);
  const codeOf = new Map<string, string>();
  for (;;) {
    const left = wishes.filter((wish) => !codeOf.has(wish));
    if (left.length === 0) return wishes.map((wish) => codeOf.get(wish) as string);
    // In one order, so that two processes that draw the same screen never wait for each other.
    const made = await run<{ wish: string; code: string }>(
      em,
      `with forgotten as (delete from confirm_code where customer_id = $1 and wish <> all($2::text[]) and shown_at < $5)
       insert into confirm_code as known (customer_id, wish, code, shown_at)
       select $1, wish, code, $4 from unnest($2::text[], $3::text[]) wanted(wish, code) order by wish
       on conflict (customer_id, wish) do update set code = excluded.code, shown_at = excluded.shown_at
         where known.shown_at < $5 or ${stands}
       returning wish, code`,
      [customerId, left, left.map(() => makeOrderCode(randomBytes(8))), at, oldest],
    );
    const shown = await run<{ wish: string; code: string }>(
      em,
      'select wish, code from confirm_code where customer_id = $1 and wish = any($2::text[])',
      [customerId, left.filter((wish) => !made.some((one) => one.wish === wish))],
    );
    // What was dropped in between, the next try makes.
    for (const { wish, code } of [...made, ...shown]) codeOf.set(wish, code);
  }
}

/** A code that was refused, or answered with another order, is not shown again. */
export async function dropConfirmCode(
  em: EntityManager,
  { customerId, code }: { readonly customerId: number; readonly code: string },
): Promise<void> {
  await run(em, 'delete from confirm_code where customer_id = $1 and code = $2', [customerId, code]);
}
