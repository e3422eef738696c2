import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { variantTitle } from '../../domain/product.ts';
import { Photo } from '../../db/entities/photo.ts';
import { Lesson, type Product, ProductPhoto } from '../../db/entities/product.ts';
import { findProduct, listCategories, listLessons, listPhotoIds, listProductsOf, listVariants } from '../../db/repositories/catalogue.ts';
import { makeTestShop, type TestShop } from '../support/shop.ts';

const options = [
  { name: 'Size', values: ['S', 'M'] },
  { name: 'Colour', values: ['black', 'white'] },
];
let world: TestShop;
let shown: Product;
let variant: Product;

beforeAll(async () => {
  world = await makeTestShop();
  shown = await world.addProduct({ title: 'T-shirt', options, units: 0 });
  variant = await world.addProduct({
    title: variantTitle('T-shirt', ['S', 'black']),
    variantOf: shown.id,
    optionValues: ['S', 'black'],
    units: 2,
  });
});
afterAll(() => world.close());

describe('a variant', () => {
  it('stands in no list and is counted in none: its product does', async () => {
    const em = world.db.em.fork();
    const { rows, total } = await listProductsOf(em, { shopId: world.shop.id, categoryId: 0 }, { limit: 10, offset: 0 });
    expect(rows.map(({ id }) => id)).toEqual([shown.id]);
    expect(total).toBe(1);
    expect(await listCategories(em, world.shop.id)).toEqual([{ id: 0, name: '', products: 1 }]);
    expect([...((await listVariants(em, world.shop.id, rows)).get(shown.id) ?? [])].map(({ id }) => id)).toEqual([variant.id]);
  });

  it('is on sale while its product is', async () => {
    const em = () => world.db.em.fork();
    expect(await findProduct(em(), world.shop.id, variant.id)).toMatchObject({ optionValues: ['S', 'black'] });
    await em().execute('update product set active = false where id = ?', [shown.id]);
    expect(await findProduct(em(), world.shop.id, variant.id)).toBeUndefined();
    await em().execute('update product set active = true where id = ?', [shown.id]);
  });

  it.each([
    ['a value that is no option', { optionValues: ['S', 'red'] }],
    ['too few values', { optionValues: ['S'] }],
    ['another kind', { optionValues: ['M', 'black'], kind: 'pickup' as const }],
  ])('is refused by the database with %s', async (_, wish) => {
    await expect(world.addProduct({ variantOf: shown.id, units: 0, ...wish })).rejects.toThrow('options of its product');
  });

  it('is there once for each choice, has no variants itself, and needs a product with options', async () => {
    const again = { variantOf: shown.id, optionValues: ['S', 'black'], units: 0 };
    await expect(world.addProduct(again)).rejects.toThrow('product_variant_of_option_values_unique');
    await expect(world.addProduct({ ...again, options })).rejects.toThrow('product_variant_options');
    await expect(world.addProduct({ ...again, variantOf: variant.id })).rejects.toThrow('options of its product');
  });

  it('keeps its product from losing the options it is of', async () => {
    const em = world.db.em.fork();
    await expect(em.execute('update product set options = null where id = ?', [shown.id])).rejects.toThrow('options of its product');
    await em.execute('update product set options = ? where id = ?', [
      JSON.stringify([{ name: 'Size', values: ['S'] }, options[1]]),
      shown.id,
    ]);
  });
});

it('an album is the product’s picture and the further ones, a course its lessons, each in their order', async () => {
  const em = world.db.em.fork();
  const course = await world.addProduct({ kind: 'course', stockMode: 'unlimited' });
  const photos = [0, 1, 2].map(() =>
    em.create(Photo, { shopId: world.shop.id, mediaType: 'image/png', bytes: Buffer.from('png'), telegramFileId: null }),
  );
  em.persist(photos);
  await em.flush();
  const [first, second, third] = photos.map(({ id }) => id) as [number, number, number];
  em.persist([
    em.create(ProductPhoto, { productId: course.id, position: 2, photoId: second }),
    em.create(ProductPhoto, { productId: course.id, position: 1, photoId: third }),
    em.create(Lesson, { productId: course.id, position: 2, title: 'Colour' }),
    em.create(Lesson, { productId: course.id, position: 1, title: 'Light' }),
  ]);
  await em.flush();
  expect(await listPhotoIds(em, { id: course.id, photoId: first })).toEqual([first, third, second]);
  expect((await listLessons(em, course.id)).map(({ title }) => title)).toEqual(['Light', 'Colour']);
});
