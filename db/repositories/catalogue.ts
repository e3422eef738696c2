/** What is on sale: the reads of shop, product card, basket and confirm screen. Lists show products, never their variants. */
import type { PricedProduct } from '../../domain/pricing.ts';
import { PickupPoint } from '../entities/pickup-point.ts';
import { Lesson, Product, ProductPhoto } from '../entities/product.ts';
import type { EntityManager } from '../orm.ts';

/** A city with something to collect, named by one of its points. */
export interface CityRow {
  readonly city: string;
  readonly pointId: number;
  readonly products: number;
}

export async function listCities(em: EntityManager, shopId: number): Promise<CityRow[]> {
  const rows: { city: string; point_id: string; products: number }[] = await em.execute(
    `select pt.city, min(pt.id) as point_id, count(*)::int as products from product p join pickup_point pt on pt.id = p.pickup_point_id
      where p.shop_id = ? and p.active and p.variant_of is null group by pt.city order by pt.city`,
    [shopId],
  );
  return rows.map((row) => ({ city: row.city, pointId: Number(row.point_id), products: row.products }));
}

export interface DistrictRow {
  readonly district: string;
  readonly pointId: number;
  readonly products: number;
}

export async function listDistricts(em: EntityManager, shopId: number, city: string): Promise<DistrictRow[]> {
  const rows: { district: string; point_id: string; products: number }[] = await em.execute(
    `select pt.district, min(pt.id) as point_id, count(*)::int as products from product p join pickup_point pt on pt.id = p.pickup_point_id
      where p.shop_id = ? and p.active and p.variant_of is null and pt.city = ? group by pt.district order by pt.district`,
    [shopId, city],
  );
  return rows.map((row) => ({ district: row.district, pointId: Number(row.point_id), products: row.products }));
}

export interface CategoryRow {
  /** 0: products that have no category and nothing to collect. */
  readonly id: number;
  /** Empty for those. */
  readonly name: string;
  readonly products: number;
}

/** Categories with something on sale, and those products that no city and no category would show. */
export async function listCategories(em: EntityManager, shopId: number): Promise<CategoryRow[]> {
  const rows: { id: string; name: string; products: number }[] = await em.execute(
    `select coalesce(c.id, 0) as id, coalesce(c.name, '') as name, count(*)::int as products
       from product p left join category c on c.id = p.category_id
      where p.shop_id = ? and p.active and p.variant_of is null and (c.id is not null or p.pickup_point_id is null)
      group by c.id, c.name, c.position order by c.id is null, c.position, c.name`,
    [shopId],
  );
  return rows.map((row) => ({ id: Number(row.id), name: row.name, products: row.products }));
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
}

const order = { position: 'asc', title: 'asc', id: 'asc' } as const;

export async function listProductsAt(
  em: EntityManager,
  where: { shopId: number; city: string; district: string },
  page: { limit: number; offset: number },
): Promise<Page<Product>> {
  const points = await em.find(PickupPoint, where, { fields: ['id'] });
  const [rows, total] = await em.findAndCount(
    Product,
    { shopId: where.shopId, active: true, variantOf: null, pickupPointId: { $in: points.map((point) => point.id) } },
    { ...page, orderBy: order },
  );
  return { rows, total };
}

/** Products of a category; of none when `categoryId` is 0. */
export async function listProductsOf(
  em: EntityManager,
  where: { shopId: number; categoryId: number },
  page: { limit: number; offset: number },
): Promise<Page<Product>> {
  const of = where.categoryId === 0 ? { categoryId: null, pickupPointId: null } : { categoryId: where.categoryId };
  const [rows, total] = await em.findAndCount(
    Product,
    { shopId: where.shopId, active: true, variantOf: null, ...of },
    { ...page, orderBy: order },
  );
  return { rows, total };
}

/** A product of this shop that is on sale; a variant while the product that is shown for it is. */
export async function findProduct(em: EntityManager, shopId: number, id: number): Promise<Product | undefined> {
  const product = await em.findOne(Product, { id, shopId, active: true });
  if (!product || product.variantOf == null) return product ?? undefined;
  return (await em.count(Product, { id: product.variantOf, active: true })) > 0 ? product : undefined;
}

/** The variants on sale of products that are shown, by the shown one, in their order. */
export async function listVariants(
  em: EntityManager,
  shopId: number,
  shown: readonly Pick<Product, 'id' | 'options'>[],
): Promise<Map<number, Product[]>> {
  const ids = shown.filter(({ options }) => options != null).map(({ id }) => id);
  const rows = ids.length > 0 ? await em.find(Product, { variantOf: { $in: ids }, shopId, active: true }, { orderBy: order }) : [];
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

/** Products of this shop by id, on sale or not. */
export async function findProducts(em: EntityManager, shopId: number, ids: readonly number[]): Promise<Map<number, Product>> {
  const found = ids.length > 0 ? await em.find(Product, { id: { $in: [...ids] }, shopId }) : [];
  return new Map(found.map((product) => [product.id, product]));
}

export async function findPickupPoint(em: EntityManager, shopId: number, id: number): Promise<PickupPoint | undefined> {
  return (await em.findOne(PickupPoint, { id, shopId })) ?? undefined;
}

export async function findPickupPoints(em: EntityManager, shopId: number, ids: readonly number[]): Promise<PickupPoint[]> {
  return ids.length > 0 ? em.find(PickupPoint, { id: { $in: [...ids] }, shopId }) : [];
}

/** Free units of products; `Infinity` for those that never run out. */
export async function readStock(em: EntityManager, products: readonly Pick<Product, 'id' | 'stockMode'>[]): Promise<Map<number, number>> {
  const counted = products.filter((product) => product.stockMode !== 'unlimited').map((product) => product.id);
  const rows: { product_id: string; free: number }[] =
    counted.length === 0
      ? []
      : await em.execute(
          `select product_id, count(*)::int as free from free_unit where product_id in (${counted.map(() => '?').join(', ')}) group by product_id`,
          counted,
        );
  const free = new Map(rows.map((row) => [Number(row.product_id), row.free]));
  return new Map(products.map(({ id, stockMode }) => [id, stockMode === 'unlimited' ? Number.POSITIVE_INFINITY : (free.get(id) ?? 0)]));
}

/** What a quote needs of a product. */
export function pricedProduct(product: Product): PricedProduct {
  const { id, kind, title, price, discountPercent, taxRate, methods } = product;
  return { id, kind, title, price, discountPercent, taxRate, methods, starsPrice: product.starsPrice ?? null };
}
