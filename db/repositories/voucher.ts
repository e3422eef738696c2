/** Vouchers and gift links: drafted and claimed here, by one model; only their workflow's step moves money. */
import { createHash, randomBytes } from 'node:crypto';
import { type ClaimRefusal, openGiftLimit, parseVoucherCode, type VoucherStatus } from '../../domain/voucher.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { drawIds, type Secrets } from '../secrets.ts';
import { mayTry, noteTry } from './promo-code.ts';

const idBytes = 16;
const purposeOf = (shopId: number) => `gift-link:${shopId}`;
const envelopeOf = (id: number) => ({ table: 'voucher', column: 'secret', id });
export const hashOfSecret = (secret: string | Uint8Array) => createHash('sha256').update(secret).digest('hex');

export interface GiftDraft {
  readonly shopId: number;
  readonly customerId: number;
  /** On the button that makes it: two taps are one link. */
  readonly code: string;
  /** Minor units of the shop's currency. */
  readonly amount: number;
  readonly at: Date;
}

/** Drafts a gift link, without its money yet; the same code again is the same link. @returns undefined when too many of theirs are open */
export async function draftGiftLink(em: EntityManager, secrets: Secrets, draft: GiftDraft): Promise<number | undefined> {
  const { shopId, customerId, code, amount, at } = draft;
  return em.transactional(async (tx) => {
    await run(tx, 'select 1 from customer where id = $1 for no key update', [customerId]);
    const [standing] = await run<{ id: string }>(tx, 'select id from voucher where code = $1 and giver_id = $2', [code, customerId]);
    if (standing) return Number(standing.id);
    const [open] = await run<{ count: number }>(
      tx,
      `select count(*)::int as count from voucher where giver_id = $1 and status in ('drafted', 'open')`,
      [customerId],
    );
    if ((open?.count ?? 0) >= openGiftLimit) return undefined;
    const [id] = await drawIds(tx, 'voucher', 1);
    if (id === undefined) throw new Error('No id was drawn');
    const secret = randomBytes(idBytes);
    await run(
      tx,
      `insert into voucher (id, shop_id, kind, status, hash, amount, giver_id, code, secret, created_at)
       values ($1, $2, 'link', 'drafted', $3, $4, $5, $6, $7, $8)`,
      [id, shopId, hashOfSecret(secret), amount, customerId, code, secrets.seal(envelopeOf(id), secret.toString('base64url')), at],
    );
    return id;
  });
}

export interface GiftLink {
  readonly id: number;
  readonly status: VoucherStatus;
  readonly amount: number;
  readonly expiresAt: Date | null;
  /** What stands behind `?start=g_`: the id and its signature, 43 characters. */
  readonly payload: string;
}

interface GiftLinkRow {
  readonly id: string;
  readonly shop_id: string;
  readonly status: VoucherStatus;
  readonly amount: string;
  readonly expires_at: Date | null;
  readonly secret: Buffer;
}

const giftColumns = 'id, shop_id, status, amount, expires_at, secret';

function readGiftLink(secrets: Secrets, row: GiftLinkRow): GiftLink {
  const id = Number(row.id);
  const secret = Buffer.from(secrets.open(envelopeOf(id), row.secret), 'base64url');
  const payload = Buffer.concat([secret, secrets.sign(purposeOf(Number(row.shop_id)), secret)]).toString('base64url');
  const expiresAt = row.expires_at === null ? null : new Date(row.expires_at);
  return { id, status: row.status, amount: Number(row.amount), expiresAt, payload };
}

/** A customer's gift links that wait to be opened, newest first. */
export async function listOpenGiftLinks(em: EntityManager, secrets: Secrets, customerId: number): Promise<GiftLink[]> {
  const rows = await run<GiftLinkRow>(
    em,
    `select ${giftColumns} from voucher where giver_id = $1 and status = 'open' order by id desc limit ${openGiftLimit}`,
    [customerId],
  );
  return rows.map((row) => readGiftLink(secrets, row));
}

/** A gift link of this customer; one of somebody else is none. */
export async function findGiftLink(
  em: EntityManager,
  secrets: Secrets,
  { id, customerId }: { readonly id: number; readonly customerId: number },
): Promise<GiftLink | undefined> {
  const [row] = await run<GiftLinkRow>(em, `select ${giftColumns} from voucher where id = $1 and giver_id = $2`, [id, customerId]);
  return row && readGiftLink(secrets, row);
}

/** Its giver wants an unclaimed link back. @returns whether it was open */
export async function askGiftBack(em: EntityManager, wish: { id: number; customerId: number; at: Date }): Promise<boolean> {
  const rows = await run(
    em,
    `update voucher set cancel_asked_at = coalesce(cancel_asked_at, $3) where id = $1 and giver_id = $2 and status = 'open' returning id`,
    [wish.id, wish.customerId, wish.at],
  );
  return rows.length > 0;
}

export type Claimed =
  | { readonly ok: true; readonly voucherId: number; readonly amount: number }
  | { readonly ok: false; readonly why: ClaimRefusal };

interface Claimer {
  readonly shopId: number;
  readonly customerId: number;
  /** By the caller's clock. */
  readonly at: Date;
}

/** Claims by a link: what stands behind `g_`. */
export async function claimGiftLink(em: EntityManager, secrets: Secrets, payload: string, claimer: Claimer): Promise<Claimed> {
  const bytes = Buffer.from(payload, 'base64url');
  const id = bytes.subarray(0, idBytes);
  // The last character carries two bits of nothing: written otherwise it is not what we wrote.
  const isOurs = bytes.toString('base64url') === payload && secrets.isSigned(purposeOf(claimer.shopId), id, bytes.subarray(idBytes));
  return isOurs ? em.transactional((tx) => claim(tx, hashOfSecret(id), claimer)) : { ok: false, why: 'unknown' };
}

/** Claims by a code. What is none counts as a guess, of which few are taken. */
export async function claimVoucherCode(em: EntityManager, text: string, claimer: Claimer): Promise<Claimed> {
  return em.transactional(async (tx): Promise<Claimed> => {
    if (!(await mayTry(tx, claimer.customerId, claimer.at))) return { ok: false, why: 'tooMany' };
    const claimed = await claim(tx, hashOfSecret(parseVoucherCode(text) ?? ''), claimer);
    if (!claimed.ok) await noteTry(tx, claimer.customerId, claimer.at);
    return claimed;
  });
}

/** Of those who come at once one finds it open; whoever has it hears so again. */
async function claim(em: EntityManager, hash: string, { shopId, customerId, at }: Claimer): Promise<Claimed> {
  const [claimed] = await run<{ id: string; amount: string }>(
    em,
    `update voucher set status = 'claimed', claimed_by = $3, claimed_at = $4, closed_at = $4
      where hash = $1 and shop_id = $2 and status = 'open' and giver_id is distinct from $3 and cancel_asked_at is null
        and (expires_at is null or expires_at > $4) returning id, amount`,
    [hash, shopId, customerId, at],
  );
  if (claimed) return { ok: true, voucherId: Number(claimed.id), amount: Number(claimed.amount) };
  const [standing] = await run<{ id: string; amount: string; status: VoucherStatus; giver_id: string | null; claimed_by: string | null }>(
    em,
    `select id, amount, status, giver_id, claimed_by from voucher where hash = $1 and shop_id = $2 and status not in ('drafted', 'refused')`,
    [hash, shopId],
  );
  if (!standing) return { ok: false, why: 'unknown' };
  if (Number(standing.claimed_by) === customerId) return { ok: true, voucherId: Number(standing.id), amount: Number(standing.amount) };
  if (Number(standing.giver_id) === customerId) return { ok: false, why: 'own' };
  return { ok: false, why: standing.status === 'claimed' ? 'claimed' : 'over' };
}
