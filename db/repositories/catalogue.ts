/** What is on sale: the reads of shop, product card, basket and confirm screen. Lists show products, never their variants. */
import type { PricedProduct } from '../../domain/pricing.ts';
import { PickupPoint } from '../entities/pickup-point.ts';
import { Lesson, Product, ProductPhoto } from '../entities/product.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { findRecords } from '../records.ts';

/** A city with something to collect, named by one of its points. */
export interface CityRow {
  readonly city: string;
  readonly pointId: number;
  /** At most `listedLimit`. */
  readonly products: number;
}

/** Lists count and page so far; whoever looks for more than that is asked to search. */
export const listedLimit = 1_000;

/** How many a query of listings finds, up to the limit: a shop may show half a million. */
const countUpTo = (listings: string) => `(select count(*)::int from (${listings} limit ${listedLimit}) one)`;

/** What can be collected in each place of the shop. */
const listingsOfPoints = `select pt.id, pt.city, pt.district, ${countUpTo('select 1 from listing l where l.pickup_point_id = pt.id')} as products
  from pickup_point pt where pt.shop_id = $1`;

export async function listCities(em: EntityManager, shopId: number): Promise<CityRow[]> {
  const rows = await run<{ city: string; point_id: string; products: number }>(
    em,
    `with pt as materialized (${listingsOfPoints})
     select city, min(id) as point_id, least(sum(products), ${listedLimit})::int as products from pt
      where products > 0 group by city order by city`,
    [shopId],
  );
  return rows.map((row) => ({ city: row.city, pointId: Number(row.point_id), products: row.products }));
}

export interface DistrictRow {
  readonly district: string;
  readonly pointId: number;
  /** At most `listedLimit`. */
  readonly products: number;
}

export async function listDistricts(em: EntityManager, shopId: number, city: string): Promise<DistrictRow[]> {
  const rows = await run<{ district: string; point_id: string; products: number }>(
    em,
    `with pt as materialized (${listingsOfPoints} and pt.city = $2)
     select district, min(id) as point_id, least(sum(products), ${listedLimit})::int as products from pt
      where products > 0 group by district order by district`,
    [shopId, city],
  );
  return rows.map((row) => ({ district: row.district, pointId: Number(row.point_id), products: row.products }));
}

export interface CategoryRow {
  /** 0: products that have no category and nothing to collect. */
  readonly id: number;
  /** Empty for those. */
  readonly name: string;
  /** At most `listedLimit`. */
  readonly products: number;
}

/** Listings that no city and no category would show. */
const elsewhere = 'from listing l where l.shop_id = $1 and l.category_id is null and l.pickup_point_id is null';

/** Categories with something on sale, and those products that no city and no category would show. */
export async function listCategories(em: EntityManager, shopId: number): Promise<CategoryRow[]> {
  const rows = await run<{ id: string; name: string; products: number }>(
    em,
    `with c as materialized (
       select c.id, c.name, c.position, ${countUpTo('select 1 from listing l where l.shop_id = $1 and l.category_id = c.id')} as products
         from category c where c.shop_id = $1
       union all select 0, '', null, ${countUpTo(`select 1 ${elsewhere}`)})
     select id, name, products from c where products > 0 order by id = 0, position, name`,
    [shopId],
  );
  return rows.map((row) => ({ id: Number(row.id), name: row.name, products: row.products }));
}

/** What a category is called; empty for 0, products that no city and no category would show. Undefined when the shop has none of this id. */
export async function findCategoryName(em: EntityManager, shopId: number, id: number): Promise<string | undefined> {
  if (id === 0) return '';
  const [row] = await run<{ name: string }>(em, 'select name from category where id = $1 and shop_id = $2', [id, shopId]);
  return row?.name;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** At most `listedLimit`. */
  readonly total: number;
}

const inOrder = 'order by l.position, l.name, l.product_id';

export async function listProductsAt(
  em: EntityManager,
  where: { shopId: number; city: string; district: string },
  page: { limit: number; offset: number },
): Promise<Page<Product>> {
  const points = 'from pickup_point pt cross join lateral';
  const ofPlace = 'where pt.shop_id = $1 and pt.city = $2 and pt.district = $3';
  return readPage(
    em,
    where.shopId,
    {
      counted: `${points} (select 1 from listing l where l.pickup_point_id = pt.id limit ${listedLimit}) l ${ofPlace}`,
      // Each point's first ones by its own index, then the first of those.
      listed: `${points} (select l.product_id, l.position, l.name from listing l where l.pickup_point_id = pt.id ${inOrder}
                           limit $4::int + $5::int) l ${ofPlace}`,
    },
    [where.city, where.district],
    page,
  );
}

/** Products of a category; of none when `categoryId` is 0. */
export async function listProductsOf(
  em: EntityManager,
  { shopId, categoryId }: { shopId: number; categoryId: number },
  page: { limit: number; offset: number },
): Promise<Page<Product>> {
  if (categoryId === 0) return readPage(em, shopId, { counted: elsewhere, listed: elsewhere }, [], page);
  const ofCategory = 'from listing l where l.shop_id = $1 and l.category_id = $2';
  return readPage(em, shopId, { counted: ofCategory, listed: ofCategory }, [categoryId], page);
}

/** A page of listings, in the order of lists, and how many there are. */
async function readPage(
  em: EntityManager,
  shopId: number,
  { counted, listed }: { readonly counted: string; readonly listed: string },
  values: readonly unknown[],
  { limit, offset }: { limit: number; offset: number },
): Promise<Page<Product>> {
  // A button may ask for any page.
  const begin = Math.min(offset, listedLimit);
  const [row] = await run<{ ids: string[] | null; total: number }>(
    em,
    `select ${countUpTo(`select 1 ${counted}`)} as total, array(
       select l.product_id ${listed} ${inOrder}
        limit $${values.length + 2}::int offset $${values.length + 3}::int) as ids`,
    [shopId, ...values, Math.min(limit, listedLimit - begin), begin],
  );
  const ids = (row?.ids ?? []).map(Number);
  const products = await findProducts(em, shopId, ids);
  return { rows: ids.flatMap((id) => products.get(id) ?? []), total: row?.total ?? 0 };
}

/** A product of this shop that is on sale; a variant while the product that is shown for it is. */
export async function findProduct(em: EntityManager, shopId: number, id: number): Promise<Product | undefined> {
  const [product] = await findRecords(
    em,
    Product,
    `t.id = $1 and t.shop_id = $2 and t.active
       and (t.variant_of is null or exists (select from product shown where shown.id = t.variant_of and shown.active))`,
    [id, shopId],
  );
  return product;
}

/** The variants on sale of products that are shown, by the shown one, in their order. */
export async function listVariants(
  em: EntityManager,
  shopId: number,
  shown: readonly Pick<Product, 'id' | 'options'>[],
): Promise<Map<number, Product[]>> {
  const ids = shown.filter(({ options }) => options != null).map(({ id }) => id);
  const which = 't.variant_of = any($1::bigint[]) and t.shop_id = $2 and t.active order by t.position, t.title, t.id';
  const rows = ids.length > 0 ? await findRecords(em, Product, which, [ids, shopId]) : [];
  return Map.groupBy(rows, ({ variantOf }) => variantOf ?? 0);
}

/** The pictures of a product, the first first. */
export async function listPhotoIds(em: EntityManager, { id, photoId }: Pick<Product, 'id' | 'photoId'>): Promise<number[]> {
  const further = await em.find(ProductPhoto, { productId: id }, { orderBy: { position: 'asc' } });
  return [...(photoId == null ? [] : [photoId]), ...further.map((photo) => photo.photoId)];
}

/** The lessons of a course, in their order. */
export async function listLessons(em: EntityManager, productId: number): Promise<Lesson[]> {
  return em.find(Lesson, { productId }, { orderBy: { position: 'asc' } });
}

const ofShop = 't.id = any($1::bigint[]) and t.shop_id = $2';

/** Products of this shop by id, on sale or not. */
export async function findProducts(em: EntityManager, shopId: number, ids: readonly number[]): Promise<Map<number, Product>> {
  const found = ids.length > 0 ? await findRecords(em, Product, ofShop, [ids, shopId]) : [];
  return new Map(found.map((product) => [product.id, product]));
}

export async function findPickupPoint(em: EntityManager, shopId: number, id: number): Promise<PickupPoint | undefined> {
  return (await findPickupPoints(em, shopId, [id]))[0];
}

export async function findPickupPoints(em: EntityManager, shopId: number, ids: readonly number[]): Promise<PickupPoint[]> {
  return ids.length > 0 ? findRecords(em, PickupPoint, ofShop, [ids, shopId]) : [];
}

/** So many free units of a product are counted. */
const stockLimit = 10_000;

/** Free units of products, up to 10,000 each; `Infinity` for those that never run out. */
export async function readStock(em: EntityManager, products: readonly Pick<Product, 'id' | 'stockMode'>[]): Promise<Map<number, number>> {
  const counted = products.filter((product) => product.stockMode !== 'unlimited').map((product) => product.id);
  const rows: { product_id: string; free: number }[] =
    counted.length === 0
      ? []
      : await run(
          em,
          `select product_id, (select count(*)::int from (
                    select 1 from free_unit f where f.product_id = p.product_id limit ${stockLimit}) one) as free
             from unnest($1::bigint[]) p(product_id)`,
          [counted],
        );
  const free = new Map(rows.map((row) => [Number(row.product_id), row.free]));
  return new Map(products.map(({ id, stockMode }) => [id, stockMode === 'unlimited' ? Number.POSITIVE_INFINITY : (free.get(id) ?? 0)]));
}

/** What a quote needs of a product. A variant without a category of its own is in that of the product it is `shown` with. */
export function pricedProduct(product: Product, shown?: Product): PricedProduct {
  const { id, kind, title, price, discountPercent, taxRate, methods, variantOf } = product;
  const categoryId = product.categoryId ?? shown?.categoryId ?? null;
  return { id, kind, title, price, discountPercent, taxRate, methods, starsPrice: product.starsPrice ?? null, categoryId, variantOf };
}
