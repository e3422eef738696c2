/** What a customer's next message may be the answer to: whatever asks for words keeps in its own row when it asked, and all of it is read here at once. */
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

/** How long words, or a number alone, are taken for the answer, ms: later they are about something else. */
export const answerWithinMs = 15 * 60_000;

export interface AwaitedAnswers {
  /** A promo code, or a voucher's: the screen to come back to. */
  readonly codeFor: string | null;
  /** The claim whose description they are to write. */
  readonly claimId: number | null;
  /** The product whose amount they are to name. */
  readonly amountOf: number | null;
  /** The payout whose button they pressed last, for as long as nobody knows where to: it may take days to find an account number. */
  readonly payoutId: number | null;
}

/** `at` by the caller's clock. */
export async function readAwaitedAnswers(em: EntityManager, customerId: number, at: Date): Promise<AwaitedAnswers> {
  const [row] = await run<{ code_for: string | null; claim: string | null; amount_of: string | null; payout: string | null }>(
    em,
    `select (select asked_for from applied_code where customer_id = $1 and asked_at > $2) as code_for,
            (select id from claim where customer_id = $1 and status = 'asked' and asked_at > $2) as claim,
            (select product_id from asked_amount where customer_id = $1 and asked_at > $2) as amount_of,
            (select id from payout where customer_id = $1 and status = 'requested' and confirmed_at is null and asked_at is not null
              order by asked_at desc limit 1) as payout`,
    [customerId, new Date(at.getTime() - answerWithinMs)],
  );
  if (!row) throw new Error('A select without a table answers one row');
  const id = (text: string | null) => (text === null ? null : Number(text));
  return { codeFor: row.code_for, claimId: id(row.claim), amountOf: id(row.amount_of), payoutId: id(row.payout) };
}
