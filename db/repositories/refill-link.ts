/**
 * Links to top up by: a random id of 16 bytes and a signature of 16, in base64url, as `/start` carries them. The signature tells ours from
 * guesses without a look into the database; the row says whose it is, for how much, and that it was not opened before.
 */
import { createHash, randomBytes } from 'node:crypto';
import { Audit } from '../entities/audit.ts';
import { RefillLink } from '../entities/refill-link.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import type { Secrets } from '../secrets.ts';

/** How long a link may be opened, ms. */
const linkMs = 24 * 3_600_000;
const idBytes = 16;

export interface RefillLinkWish {
  readonly shopId: number;
  readonly customerId: number;
  /** Minor units of the shop's currency. */
  readonly amount: number;
  readonly actor: string;
  readonly at: Date;
}

const purposeOf = (shopId: number) => `refill-link:${shopId}`;
const hashOf = (id: Uint8Array) => createHash('sha256').update(id).digest('hex');

/** Makes a link and leaves an audit entry without it. @returns what stands behind `?start=` */
export async function makeRefillLink(
  em: EntityManager,
  secrets: Secrets,
  { shopId, customerId, amount, actor, at }: RefillLinkWish,
): Promise<{ readonly payload: string; readonly expiresAt: Date }> {
  const id = randomBytes(idBytes);
  const expiresAt = new Date(at.getTime() + linkMs);
  em.persist(em.create(RefillLink, { hash: hashOf(id), shopId, customerId, amount, actor, madeAt: at, expiresAt }));
  const subject = { subject: 'customer', subjectId: String(customerId) };
  em.persist(em.create(Audit, { shopId, actor, action: 'refillLink.make', ...subject, before: null, after: { amount }, at }));
  await em.flush();
  return { payload: Buffer.concat([id, secrets.sign(purposeOf(shopId), id)]).toString('base64url'), expiresAt };
}

/**
 * Opens a link for a customer, once. `notTheirs`: no link of this shop, or somebody else's, which stays unopened; `over`: opened before, or
 * a day old. `at` by the bot's clock.
 */
export async function openRefillLink(
  em: EntityManager,
  secrets: Secrets,
  {
    shopId,
    customerId,
    payload,
    at,
  }: { readonly shopId: number; readonly customerId: number; readonly payload: string; readonly at: Date },
): Promise<{ readonly amount: number } | 'notTheirs' | 'over'> {
  if (!/^[\w-]{43}$/.test(payload)) return 'notTheirs';
  const bytes = Buffer.from(payload, 'base64url');
  const id = bytes.subarray(0, idBytes);
  // The last character of 43 carries 4 bits of the 32 bytes and 2 of nothing: written otherwise it is not what we wrote.
  if (bytes.toString('base64url') !== payload || !secrets.isSigned(purposeOf(shopId), id, bytes.subarray(idBytes))) return 'notTheirs';
  const [opened] = await run<{ amount: string }>(
    em,
    `update refill_link set used_at = $4 where hash = $1 and shop_id = $2 and customer_id = $3 and used_at is null and expires_at > $4
      returning amount`,
    [hashOf(id), shopId, customerId, at],
  );
  if (opened) return { amount: Number(opened.amount) };
  const theirs = await run(em, 'select from refill_link where hash = $1 and shop_id = $2 and customer_id = $3', [
    hashOf(id),
    shopId,
    customerId,
  ]);
  return theirs.length > 0 ? 'over' : 'notTheirs';
}
