/**
 * `npm run bench -- catalogue`: what customers of 500 shops ask for while they look around, 100 times a second, with a million products and with
 * 10,000: it must take the same time. Half of the products are one shop's, who is asked every second time. Beside search stands `ILIKE`.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Shop } from '../db/entities/shop.ts';
import type { Database } from '../db/orm.ts';
import { findProduct, listCategories, listCities, listProductsAt, listProductsOf } from '../db/repositories/catalogue.ts';
import { quoteProducts } from '../db/repositories/quote.ts';
import { searchProducts } from '../db/repositories/search.ts';
import { findShops } from '../db/repositories/shop.ts';
import { type LoadedShop, loadCatalogue, texts } from './catalogue-load.ts';
import { startBenchDatabase } from './database.ts';
import { alternate, type Contestant } from './harness/alternate.ts';
import { type Bench, pickSize } from './harness/bench.ts';
import { RoundError } from './harness/correct.ts';
import { type Figure, makeFigure } from './harness/figure.ts';
import { percentile, runAtOnce } from './numbers.ts';

const pageSize = 6;
const readsPerSecond = 100;
const updatesPerSecond = 200;
const aimMs = 50;
const updateAimMs = 100;

export const bench: Bench = {
  name: 'catalogue',
  summary:
    'lists, filters, search and cards at 100 a second with a million products in 500 shops, beside 10,000 and ILIKE; changes at 200 a second',
  async run(ctx) {
    const sizes = [pickSize(ctx.options, 'entries', 1_000_000, 3_000), pickSize(ctx.options, 'units', 10_000, 1_500)] as const;
    const seconds = pickSize(ctx.options, 'seconds', 20, 1);
    const contestants: Contestant[] = [];
    for (const size of sizes) {
      ctx.say(`Starting PostgreSQL with ${nameOf(size)}...`);
      const folder = join(ctx.folder, String(size));
      mkdirSync(folder, { mode: 0o755 });
      let shops: LoadedShop[] = [];
      const { db } = await startBenchDatabase({ ...ctx, folder }, 16, async (owner) => {
        shops = await loadCatalogue(owner, size, ctx.say);
      });
      const found = await findShops(
        db.em.fork(),
        shops.map(({ shopId }) => shopId),
      );
      const rows = new Map(found.flatMap((row) => (row ? [[row.id as number, row] as const] : [])));
      const market = { db, shops, rows, cursors: new Map<string, string>() };
      await expectFound(market);
      contestants.push(makeContestant(nameOf(size), market, seconds));
      if (size === sizes[0]) contestants.push(makeNaive(market));
    }
    const values = await alternate(ctx, contestants);
    return toFigures(values, sizes.map(nameOf) as [string, string]);
  },
};

const nameOf = (products: number) => `${products} products`;
const naiveName = 'ILIKE';

interface Market {
  readonly db: Database;
  /** The largest first. */
  readonly shops: readonly LoadedShop[];
  readonly rows: ReadonlyMap<number, Shop>;
  /** Where pages of a search ended last, by shop and text. */
  readonly cursors: Map<string, string>;
}

type Ask = (market: Market, shop: LoadedShop, index: number) => Promise<void>;

/** What customers ask for, as the bot reads it. */
const asks: Readonly<Record<'front' | 'list' | 'filter' | 'search' | 'card', Ask>> = {
  async front({ db }, { shopId }) {
    const [cities, categories] = await Promise.all([listCities(db.em.fork(), shopId), listCategories(db.em.fork(), shopId)]);
    if (categories.length === 0) throw new RoundError(`shop ${shopId} shows ${cities.length} cities and no category`);
  },
  async list(market, shop, index) {
    const categoryId = shop.categoryIds[index % shop.categoryIds.length] as number;
    const page = { limit: pageSize, offset: pageSize * (index % 3) };
    const em = market.db.em.fork();
    const isPlace = index % 2 === 1;
    const { rows } = isPlace
      ? await listProductsAt(em, { shopId: shop.shopId, city: 'City 1', district: 'District 4' }, page)
      : await listProductsOf(em, { shopId: shop.shopId, categoryId }, page);
    await quote(market, shop, rows);
    if (isPlace ? rows.some((row) => row.pickupPointId == null) : rows.some((row) => row.categoryId !== categoryId))
      throw new RoundError('a list shows another category');
  },
  async filter(market, shop, index) {
    const categoryId = shop.categoryIds[index % shop.categoryIds.length] as number;
    const text = texts[index % texts.length] as string;
    const narrowed = { shopId: shop.shopId, categoryId, limit: pageSize };
    // Every third time there is nothing but filters.
    const { products } = await searchProducts(
      market.db.em.fork(),
      index % 3 === 0 ? { ...narrowed, text: '', kind: 'pickup' } : { ...narrowed, text, city: 'City 1' },
    );
    await quote(market, shop, products);
    if (products.some((row) => row.categoryId !== categoryId)) throw new RoundError('a search shows another category');
  },
  async search(market, shop, index) {
    const text = texts[index % texts.length] as string;
    const em = market.db.em.fork();
    // Every fourth one comes from further pages.
    const [pages, isDeep] = [market.cursors, index % 4 === 3];
    const where = `${shop.shopId} ${text}`;
    const { products, next } = await searchProducts(em, {
      shopId: shop.shopId,
      text,
      limit: pageSize,
      cursor: isDeep ? pages.get(where) : undefined,
    });
    if (next === null) pages.delete(where);
    else pages.set(where, next);
    await quote(market, shop, products);
    if (products.some((row) => row.shopId !== shop.shopId)) throw new RoundError('a search shows another shop');
  },
  async card(market, shop, index) {
    const id = shop.productIds[index % shop.productIds.length] as number;
    const product = await findProduct(market.db.em.fork(), shop.shopId, id);
    if (!product) throw new RoundError(`product ${id} is not found`);
    await quote(market, shop, [product]);
  },
};
const askNames = Object.keys(asks) as (keyof typeof asks)[];

async function quote(
  { db, rows }: Market,
  { shopId, customerId }: LoadedShop,
  products: Parameters<typeof quoteProducts>[2],
): Promise<void> {
  const quoted = await quoteProducts(db.em.fork(), { shop: rows.get(shopId) as Shop, customerId }, products);
  if (quoted.length !== products.length) throw new RoundError(`${products.length} products, ${quoted.length} prices`);
}

/** Every second time the largest shop, else one of the others. */
const pickShop = ({ shops }: Market, index: number) =>
  (index % 2 === 0 ? shops[0] : shops[1 + ((index * 31) % (shops.length - 1))]) as LoadedShop;

function makeContestant(name: string, market: Market, seconds: number): Contestant {
  let asked = 0;
  const askOne = async (what: keyof typeof asks) => {
    asked += 1;
    await asks[what](market, pickShop(market, asked), Math.floor(asked / 2));
  };
  let changes = 0;
  /** A shop that is asked all the time keeps its connections and their plans; here they end while the others have their turn. */
  const warmUp = async () => {
    await runAtOnce(400, 16, (index) => askOne(askNames[index % askNames.length] as keyof typeof asks));
  };
  return {
    name,
    warmUp,
    async round() {
      await warmUp();
      const measured: Record<string, number> = {};
      const times = new Map(askNames.map((what) => [what, [] as number[]]));
      await atRate(readsPerSecond, seconds, async (index, due) => {
        const what = askNames[index % askNames.length] as keyof typeof asks;
        await askOne(what);
        times.get(what)?.push(performance.now() - due);
      });
      for (const [what, all] of times) measured[what] = percentile(all, 0.99);
      measured.all50 = percentile([...times.values()].flat(), 0.5);
      const answers: number[] = [];
      await atRate(updatesPerSecond, Math.ceil(seconds / 2), async (_, due) => {
        changes += 1;
        await change(market, changes);
        answers.push(performance.now() - due);
      });
      measured.update = percentile(answers, 0.99);
      measured.update50 = percentile(answers, 0.5);
      return measured;
    },
  };
}

/** Calls that are due at an even pace, whether or not those before were answered. @param call gets when it was due @throws the first error */
async function atRate(perSecond: number, seconds: number, call: (index: number, due: number) => Promise<void>): Promise<void> {
  const begun = performance.now();
  await runAtOnce(perSecond * seconds, perSecond * seconds, async (index) => {
    const due = begun + (index * 1_000) / perSecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    await call(index, due);
  });
}

/** A price changes, every tenth time the name: who looks next sees it. */
async function change({ db, shops }: Market, index: number): Promise<void> {
  const shop = shops[index % shops.length] as LoadedShop;
  const em = db.em.fork();
  const price = 1_000 + index;
  const isRenamed = index % 10 === 0;
  const name = `Renamed r${index}`;
  await em.execute(
    isRenamed ? 'update product set price = ?, title = ? where id = ?' : 'update product set price = ? where id = ?',
    isRenamed ? [price, name, shop.firstProductId] : [price, shop.firstProductId],
  );
  const read = isRenamed
    ? (await searchProducts(db.em.fork(), { shopId: shop.shopId, text: name, limit: 1 })).products[0]
    : await findProduct(db.em.fork(), shop.shopId, shop.firstProductId);
  // Changes of one product do not overtake each other: there are more shops than changes under way.
  if (read?.id !== shop.firstProductId || read.price !== price) throw new RoundError(`price ${price} was answered as ${read?.price}`);
}

/** Search finds by the number of each, and by every spelling of a word what a look at all titles finds. @throws RoundError */
async function expectFound({ db, shops }: Market): Promise<void> {
  for (const shop of [shops[0], shops.at(1), shops.at(-1)] as LoadedShop[]) {
    const product = await findProduct(db.em.fork(), shop.shopId, shop.firstProductId);
    const last = product?.title.split(' ').at(-1) ?? '';
    const { products } = await searchProducts(db.em.fork(), { shopId: shop.shopId, text: last.toUpperCase(), limit: 1 });
    if (products[0]?.id !== shop.firstProductId) throw new RoundError(`${last} does not find product ${shop.firstProductId}`);
    let [found, cursor] = [0, undefined as string | undefined];
    do {
      const page = await searchProducts(db.em.fork(), { shopId: shop.shopId, text: 'zolty steam', cursor, limit: 1_000 });
      found += page.products.length;
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    const [row]: { count: number }[] = await db.em
      .fork()
      .execute(`select count(*)::int as count from product where shop_id = ? and title like '%Żółty%' and title like '%Steam%'`, [
        shop.shopId,
      ]);
    if (found !== row?.count) throw new RoundError(`"zolty steam" finds ${found} of ${row?.count} in shop ${shop.shopId}`);
  }
}

/** What one writes first: the whole shop is read for a word, in its order. One at a time, for it cannot keep the pace. */
function makeNaive(market: Market): Contestant {
  return {
    name: naiveName,
    async round() {
      const times: number[] = [];
      for (const text of texts) {
        const begun = performance.now();
        await market.db.em.fork().execute(
          `select * from product where shop_id = ? and active and variant_of is null ${text
            .split(' ')
            .map(() => 'and title ilike ?')
            .join(' ')}
            order by position, title, id limit ${pageSize}`,
          [market.shops[0]?.shopId, ...text.split(' ').map((word) => `%${word}%`)],
        );
        times.push(performance.now() - begun);
      }
      return { search: percentile(times, 0.99), all50: percentile(times, 0.5) };
    },
  };
}

function toFigures(values: Awaited<ReturnType<typeof alternate>>, [many, few]: readonly [string, string]): Figure[] {
  const [ours, small, naive] = [values.get(many), values.get(few), values.get(naiveName)];
  const figure = (
    measure: string,
    peerName: string,
    peer: Record<string, number[]> | undefined,
    aim?: Parameters<typeof makeFigure>[0]['aim'],
    name = measure,
  ) => {
    const own = ours?.[measure];
    const theirs = peer?.[measure];
    if (!own) return [];
    return [
      makeFigure({
        name: `catalogue.${name}`,
        unit: 'ms',
        ours: own,
        ...(theirs ? { peer: { name: peerName, values: theirs } } : {}),
        ...(aim ? { aim } : {}),
      }),
    ];
  };
  return [
    ...askNames.flatMap((what) => figure(what, few, small, { on: 'ours', op: '<=', value: aimMs }, `${what}.p99`)),
    ...figure('search', naiveName, naive, undefined, 'search.p99'),
    ...figure('all50', few, small, undefined, 'read.p50'),
    ...figure('update', few, small, { on: 'ours', op: '<=', value: updateAimMs }, 'update.p99'),
    ...figure('update50', few, small, undefined, 'update.p50'),
  ];
}
