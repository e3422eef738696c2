/** Tokens of a shop's programs: shown once, kept as hashes; each act leaves an audit entry. */
import { randomBytes } from 'node:crypto';
import { type ApiScope, makeApiToken } from '../../domain/api-token.ts';
import { ApiToken } from '../entities/api-token.ts';
import { Audit } from '../entities/audit.ts';
import { Shop } from '../entities/shop.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { hashOfSecret } from './voucher.ts';

export interface ApiTokenWish {
  readonly shopId: number;
  readonly name: string;
  readonly scopes: ApiScope[];
  readonly expiresAt: Date;
  readonly actor: string;
  readonly at: Date;
}

/** Makes a token. It is answered now and never again. */
export async function createApiToken(em: EntityManager, wish: ApiTokenWish): Promise<{ readonly row: ApiToken; readonly token: string }> {
  const { actor, at, ...fields } = wish;
  const token = makeApiToken(randomBytes(32).toString('base64url'));
  return em.transactional(async (tx) => {
    const row = tx.create(ApiToken, { ...fields, hash: hashOfSecret(token), createdAt: at, revokedAt: null });
    await tx.persist(row).flush();
    const after = { name: wish.name, scopes: wish.scopes, expiresAt: wish.expiresAt };
    tx.persist(tx.create(Audit, { ...subjectOf(row), actor, action: 'apiToken.create', before: null, after, at }));
    await tx.flush();
    return { row, token };
  });
}

/** A shop's tokens, newest first, also those that are over. */
export function listApiTokens(em: EntityManager, shopId: number): Promise<ApiToken[]> {
  return em.find(ApiToken, { shopId }, { orderBy: { id: 'desc' }, limit: 200 });
}

/** Lets a token in no more; revoked again, nothing changes. @returns undefined when this shop has no such token */
export async function revokeApiToken(
  em: EntityManager,
  { shopId, id }: { readonly shopId: number; readonly id: number },
  { actor, at }: { readonly actor: string; readonly at: Date },
): Promise<ApiToken | undefined> {
  return em.transactional(async (tx) => {
    const revoked = await run(
      tx,
      'update api_token set revoked_at = $3 where id = $1 and shop_id = $2 and revoked_at is null returning id',
      [id, shopId, at],
    );
    const row = await tx.findOne(ApiToken, { id, shopId }, { refresh: true });
    if (row && revoked.length > 0) {
      tx.persist(tx.create(Audit, { ...subjectOf(row), actor, action: 'apiToken.revoke', before: null, after: null, at }));
      await tx.flush();
    }
    return row ?? undefined;
  });
}

/** Whom a token lets in at this time, with the shop it is of. */
export async function findBearer(
  em: EntityManager,
  token: string,
  at: Date,
): Promise<{ readonly token: ApiToken; readonly shop: Shop } | undefined> {
  const row = await em.findOne(ApiToken, { hash: hashOfSecret(token), revokedAt: null, expiresAt: { $gt: at } });
  return row ? { token: row, shop: await em.findOneOrFail(Shop, { id: row.shopId }) } : undefined;
}

const subjectOf = ({ shopId, id }: ApiToken) => ({ shopId, subject: 'apiToken', subjectId: String(id) });
