/** Payment stages as staff and their programs make, change and remove them; each act leaves an audit entry. */
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { randomBytes } from 'node:crypto';
import { type StageFields, wordStage } from '../../domain/stage.ts';
import { Audit } from '../entities/audit.ts';
import type { Product } from '../entities/product.ts';
import type { Shop } from '../entities/shop.ts';
import { Stage } from '../entities/stage.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { findProduct, findProducts } from './catalogue.ts';
import { quoteProducts, type QuotedProduct } from './quote.ts';

export interface Act {
  /** `cli`, `token:<id>`. */
  readonly actor: string;
  readonly at: Date;
}

export interface StageWish extends Act {
  readonly shop: Shop;
  readonly productId: number;
  /** What is not given is said in the product's own words. */
  readonly fields: Partial<StageFields>;
}

export type StageRefusal = 'ProductUnknown' | 'NotInStars' | 'StageExists' | 'StartParameterTaken';
export type StageAnswer = { readonly ok: true; readonly stage: Stage } | { readonly ok: false; readonly why: StageRefusal };

/** What it says may change; its product and its link are for good. */
export type StageChange = Partial<Omit<StageFields, 'startParameter'>>;

/** Makes the stage of a product on sale that can be paid in Stars. Of two at once, one is made. */
export async function createStage(em: EntityManager, { shop, productId, fields, actor, at }: StageWish): Promise<StageAnswer> {
  const product = await findProduct(em, shop.id, productId);
  if (!product) return { ok: false, why: 'ProductUnknown' };
  const shown = await quoteForAnybody(em, shop, [product]);
  if (shown.get(productId)?.quote.starsPrice == null) return { ok: false, why: 'NotInStars' };
  try {
    return await em.fork().transactional(async (tx) => {
      const stage = tx.create(Stage, {
        ...wordStage(product),
        photoUrl: null,
        startParameter: `stage_${randomBytes(9).toString('base64url')}`,
        ...fields,
        shopId: shop.id,
        productId,
        payload: randomBytes(18).toString('base64url'),
        createdAt: at,
        updatedAt: at,
        removedAt: null,
      });
      await tx.persist(stage).flush();
      record(tx, stage, { actor, action: 'stage.create', after: { productId, ...said(stage) }, at });
      await tx.flush();
      return { ok: true, stage };
    });
  } catch (err) {
    if (!(err instanceof UniqueConstraintViolationException)) throw err;
    return { ok: false, why: (await em.fork().count(Stage, { productId, removedAt: null })) > 0 ? 'StageExists' : 'StartParameterTaken' };
  }
}

/** Changes what a stage says. @returns undefined when it is removed, or not of this shop */
export async function updateStage(em: EntityManager, key: StageKey, change: StageChange, { actor, at }: Act): Promise<Stage | undefined> {
  return em.fork().transactional(async (tx) => {
    const stage = await lockStage(tx, key);
    if (!stage) return undefined;
    const before = said(stage);
    Object.assign(stage, change, { updatedAt: at });
    record(tx, stage, { actor, action: 'stage.update', before, after: said(stage), at });
    await tx.flush();
    return stage;
  });
}

/** Removes a stage: its links lead to the product from then on, its numbers stay. @returns undefined when it was, or is not of this shop */
export async function removeStage(em: EntityManager, key: StageKey, { actor, at }: Act): Promise<Stage | undefined> {
  return em.fork().transactional(async (tx) => {
    const stage = await lockStage(tx, key);
    if (!stage) return undefined;
    Object.assign(stage, { removedAt: at, updatedAt: at });
    record(tx, stage, { actor, action: 'stage.remove', after: null, at });
    await tx.flush();
    return stage;
  });
}

/** A stage by its number, in one shop. */
export interface StageKey {
  readonly shopId: number;
  readonly id: number;
}

/** A stage that is not removed, locked to the end of the transaction. */
export async function lockStage(tx: EntityManager, { shopId, id }: StageKey): Promise<Stage | undefined> {
  const found = await run(tx, 'select id from stage where id = $1 and shop_id = $2 and removed_at is null for update', [id, shopId]);
  return found.length > 0 ? await tx.findOneOrFail(Stage, { id }, { refresh: true }) : undefined;
}

/** Also a removed one. */
export async function findStage(em: EntityManager, { shopId, id }: StageKey): Promise<Stage | undefined> {
  return (await em.findOne(Stage, { id, shopId }, { refresh: true })) ?? undefined;
}

/** By its link, also a removed one. */
export async function findStageByLink(em: EntityManager, shopId: number, startParameter: string): Promise<Stage | undefined> {
  return (await em.findOne(Stage, { shopId, startParameter })) ?? undefined;
}

export interface StagePage {
  /** Those made before this one. */
  readonly cursor?: number | undefined;
  readonly limit: number;
  /** Also removed ones. */
  readonly all?: boolean | undefined;
}

/** Stages of a shop, newest first, with where the next page begins. */
export async function listStages(
  em: EntityManager,
  shopId: number,
  { cursor, limit, all = false }: StagePage,
): Promise<{ readonly stages: Stage[]; readonly next: number | null }> {
  const where = { shopId, ...(cursor === undefined ? {} : { id: { $lt: cursor } }), ...(all ? {} : { removedAt: null }) };
  const found = await em.find(Stage, where, { orderBy: { id: 'desc' }, limit: limit + 1 });
  const stages = found.slice(0, limit);
  return { stages, next: found.length > limit ? (stages.at(-1)?.id ?? null) : null };
}

/** No customer has this id: a stage goes on to people nobody knows, so its price is without anybody's tier or code. */
const anybody = 0;

/** Products of stages as they are sold now, by their id; those no longer on sale are missing. */
export async function quoteStages(
  em: EntityManager,
  shop: Shop,
  stages: readonly Pick<Stage, 'productId'>[],
): Promise<Map<number, QuotedProduct>> {
  const found = await findProducts(em, shop.id, [...new Set(stages.map(({ productId }) => productId))]);
  const shownFor = await findProducts(
    em,
    shop.id,
    [...found.values()].flatMap(({ variantOf }) => variantOf ?? []),
  );
  const isOnSale = ({ active, variantOf }: Product) => active && (variantOf == null || shownFor.get(variantOf)?.active === true);
  return quoteForAnybody(em, shop, [...found.values()].filter(isOnSale));
}

async function quoteForAnybody(em: EntityManager, shop: Shop, products: readonly Product[]): Promise<Map<number, QuotedProduct>> {
  const quoted = products.length === 0 ? [] : await quoteProducts(em.fork(), { shop, customerId: anybody }, products);
  return new Map(quoted.map((product) => [product.id, product]));
}

const said = ({ title, description, label, photoUrl, startParameter }: Stage) => ({ title, description, label, photoUrl, startParameter });

function record(
  em: EntityManager,
  { shopId, id }: StageKey,
  { before = null, ...entry }: { actor: string; action: string; before?: unknown; after: unknown; at: Date },
): void {
  em.persist(em.create(Audit, { shopId, subject: 'stage', subjectId: String(id), before, ...entry }));
}
