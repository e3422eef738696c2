import { defineEntity, p } from '@mikro-orm/postgresql';
import type { ApiScope } from '../../domain/api-token.ts';
import { Shop } from './shop.ts';

/** What a program of the shop's owner shows to be let in. Shown once; only its hash is kept. */
const schema = defineEntity({
  name: 'ApiToken',
  tableName: 'api_token',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    shopId: () => p.manyToOne(Shop).mapToPk().fieldName('shop_id'),
    /** Whose, or what for. */
    name: p.text().check("name <> '' and length(name) <= 100"),
    /** SHA-256 of the token. */
    hash: p.text().unique(),
    scopes: p.array<ApiScope>().$type<ApiScope[]>().check('cardinality(scopes) > 0'),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    revokedAt: p.datetime().nullable(),
  },
  indexes: [{ properties: ['shopId', 'id'] }],
});
export class ApiToken extends schema.class {}
schema.setClass(ApiToken);
