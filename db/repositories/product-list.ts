/** Products on sale, without their variants, by what a customer filters them with, a page at a time. */
import type { ProductKind } from '../../domain/product.ts';
import type { Product } from '../entities/product.ts';
import type { EntityManager } from '../orm.ts';
import { findProducts } from './catalogue.ts';

/** What is undefined does not filter. */
export interface ProductFilter {
  /** Part of a title. */
  readonly text?: string | undefined;
  readonly city?: string | undefined;
  readonly district?: string | undefined;
  /** 0: of no category, and not collected anywhere. */
  readonly categoryId?: number | undefined;
  readonly kind?: ProductKind | undefined;
}

/** In the shop's order. `after`: the last product of the page before. @returns its last product as `next` when there are more */
export async function listProducts(
  em: EntityManager,
  shopId: number,
  { text, city, district, categoryId, kind }: ProductFilter,
  { after, limit }: { readonly after: number | undefined; readonly limit: number },
): Promise<{ readonly products: Product[]; readonly next: number | null }> {
  const conditions: [sql: string, ...values: unknown[]][] = [['p.shop_id = ? and p.active and p.variant_of is null', shopId]];
  if (categoryId === 0) conditions.push(['p.category_id is null and p.pickup_point_id is null']);
  else if (categoryId !== undefined) conditions.push(['p.category_id = ?', categoryId]);
  if (kind !== undefined) conditions.push(['p.kind = ?', kind]);
  if (city !== undefined) {
    const [inDistrict, ...districts] = district === undefined ? [''] : [' and district = ?', district];
    const points = `select id from pickup_point where shop_id = ? and city = ?${inDistrict}`;
    conditions.push([`p.pickup_point_id in (${points})`, shopId, city, ...districts]);
  }
  if (text !== undefined) conditions.push(['p.title ilike ?', `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`]);
  if (after !== undefined) {
    const last = 'select a.position, a.title, a.id from product a where a.id = ? and a.shop_id = ?';
    conditions.push([`(p.position, p.title, p.id) > (${last})`, after, shopId]);
  }
  const where = conditions.map(([sql]) => `(${sql})`).join(' and ');
  const values = conditions.flatMap(([, ...given]) => given);
  const rows: { id: string }[] = await em.execute(`select p.id from product p where ${where} order by p.position, p.title, p.id limit ?`, [
    ...values,
    limit + 1,
  ]);
  const ids = rows.slice(0, limit).map((row) => Number(row.id));
  const found = await findProducts(em, shopId, ids);
  return { products: ids.flatMap((id) => found.get(id) ?? []), next: rows.length > limit ? (ids.at(-1) ?? null) : null };
}
