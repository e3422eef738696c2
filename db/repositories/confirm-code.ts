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
  const code = makeOrderCode(randomBytes(8));
  const oldest = new Date(at.getTime() - sameWithinMs);
  for (;;) {
    const [made] = await run(
      em,
      `with forgotten as (delete from confirm_code where customer_id = $1 and wish <> $2 and shown_at < $5)
       insert into confirm_code as known (customer_id, wish, code, shown_at) values ($1, $2, $3, $4)
       on conflict (customer_id, wish) do update set code = excluded.code, shown_at = excluded.shown_at
         where known.shown_at < $5 or ${stands}
       returning id`,
      [customerId, wish, code, at, oldest],
    );
    if (made) return code;
    const [shown] = await run<{ code: string }>(em, 'select code from confirm_code where customer_id = $1 and wish = $2', [
      customerId,
      wish,
    ]);
    // Dropped in between: the next try makes one.
    if (shown) return shown.code;
  }
}

/** A code that was refused, or answered with another order, is not shown again. */
export async function dropConfirmCode(
  em: EntityManager,
  { customerId, code }: { readonly customerId: number; readonly code: string },
): Promise<void> {
  await run(em, 'delete from confirm_code where customer_id = $1 and code = $2', [customerId, code]);
}
