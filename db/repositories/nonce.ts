/** Numbers for one call each: given, used once, and then the memory of that call. */
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { CalledNoun } from '../entities/nonce.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

/** How long an unused number is good, and how long a used one remembers its call, ms. */
export const nonceMs = 10 * 60_000;
const rememberedMs = 7 * 86_400_000;

/** Gives a customer a number, of which only the hash is kept, and forgets what is over. @returns when it ends */
export async function issueNonce(
  em: EntityManager,
  { hash, shopId, customerId, at }: { readonly hash: string; readonly shopId: number; readonly customerId: number; readonly at: Date },
): Promise<Date> {
  const expiresAt = new Date(at.getTime() + nonceMs);
  await run(em, 'delete from nonce where customer_id = $1 and (used_at < $2 or (used_at is null and expires_at < $3))', [
    customerId,
    new Date(at.getTime() - rememberedMs),
    at,
  ]);
  await run(em, 'insert into nonce (hash, shop_id, customer_id, issued_at, expires_at) values ($1, $2, $3, $4, $5)', [
    hash,
    shopId,
    customerId,
    at,
    expiresAt,
  ]);
  return expiresAt;
}

/** A call that moves money, as its caller means it. */
export interface MoneyCall {
  readonly customerId: number;
  readonly nonceHash: string;
  /** The caller's own: the same key is the same call, however often it comes. */
  readonly key: string;
  /** Of what is asked, so that a key stays with one wish. */
  readonly askedHash: string;
  readonly noun: CalledNoun;
  /** The code it gets if it is new. */
  readonly code: string;
  readonly at: Date;
}

export type Claimed =
  /** `code` of what this call is about: of the first call with this key. */
  { readonly ok: true; readonly code: string } | { readonly ok: false; readonly why: 'KeyOfAnotherCall' | 'NonceUsed' | 'NonceUnknown' };

/** Uses a number up for a call, or answers for the call of this key that was made before. Each statement stands alone: one of many wins. */
export async function claimCall(em: EntityManager, call: MoneyCall): Promise<Claimed> {
  const before = await findCall(em, call);
  if (before) return before;
  try {
    const taken = await run(
      em,
      `update nonce set used_at = $3, key = $4, asked_hash = $5, noun = $6, code = $7
        where hash = $1 and customer_id = $2 and used_at is null and expires_at > $3 returning id`,
      [call.nonceHash, call.customerId, call.at, call.key, call.askedHash, call.noun, call.code],
    );
    if (taken.length > 0) return { ok: true, code: call.code };
  } catch (err) {
    // The same key with another number, in the same instant.
    if (!(err instanceof UniqueConstraintViolationException)) throw err;
  }
  const meanwhile = await findCall(em, call);
  if (meanwhile) return meanwhile;
  const [known] = await run<{ used: boolean }>(em, 'select used_at is not null as used from nonce where hash = $1 and customer_id = $2', [
    call.nonceHash,
    call.customerId,
  ]);
  return { ok: false, why: known?.used ? 'NonceUsed' : 'NonceUnknown' };
}

async function findCall(em: EntityManager, call: MoneyCall): Promise<Claimed | undefined> {
  const [row] = await run<{ asked_hash: string; noun: string; code: string }>(
    em,
    'select asked_hash, noun, code from nonce where customer_id = $1 and key = $2',
    [call.customerId, call.key],
  );
  if (!row) return undefined;
  const isSame = row.asked_hash === call.askedHash && row.noun === call.noun;
  return isSame ? { ok: true, code: row.code } : { ok: false, why: 'KeyOfAnotherCall' };
}
