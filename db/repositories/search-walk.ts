/** How a search is gone through: few candidates ranked whole, many in the order of an index. */
import { type SearchCursor, writeCursor } from '../../domain/search.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import type { FoundIds, ProductSearch } from './search.ts';
import { beyond, type Filters, measure, rankedLimit, type Sizes, type Term } from './search-plan.ts';

/** How many rows of an index are gone through for a page at a stage, step by step. */
const walkSteps = [100, 400, 1_500] as const;

/** Where nearly everything that is gone through is wanted, a page comes first; in eighths, so that statements are few. */
const leastStep = (limit: number) => Math.min(8 * Math.ceil((limit + 1) / 8), walkSteps[0]);

/** Nothing but the index that is gone through says what is wanted. */
function isPlain({ terms, filters: { categoryId, pointIds, kind } }: Asked): boolean {
  const set = [categoryId, pointIds, kind].filter((filter) => filter !== null).length;
  return terms.length === 0 ? set <= 1 : terms.length === 1 && set === 0;
}

export interface Asked {
  readonly search: ProductSearch;
  readonly filters: Filters;
  readonly terms: readonly Term[];
  /** Which of `terms` the fewest names have. */
  readonly rarest: Term;
  /** By which index everything is listed. */
  readonly driver?: keyof typeof drivers;
}

export type PageOfIds = Omit<FoundIds, 'corrected'>;

/** Of a listing `l`. */
const fits = `(($2::bigint is null or (case when $2 = 0 then l.category_id is null and l.pickup_point_id is null else l.category_id = $2 end))
  and ($3::bigint[] is null or l.pickup_point_id = any($3)) and ($4::text is null or l.kind = $4))`;

/** The same of a word of one. */
const wordFits = `(($2::bigint is null or (l.category_id = $2 and ($2 <> 0 or l.pickup_point_id = 0)))
  and ($3::bigint[] is null or l.pickup_point_id = any($3)) and ($4::text is null or l.kind = $4))`;

/** Class of a match: 0 its name begins with the text, 1 it has every word, 2 words that begin so, 3 words with another ending. */
export async function rank(em: EntityManager, asked: Asked, sizes: Sizes, from?: SearchCursor): Promise<PageOfIds> {
  const { search, filters, terms, rarest } = asked;
  const ofTerms = Math.min(...sizes.terms);
  const smallest = Math.min(ofTerms, sizes.category, sizes.points);
  const candidates =
    smallest === ofTerms
      ? `select distinct product_id from listing_word l where shop_id = $1 and word >= $5 and word < $5 || '${beyond}' and ${wordFits}`
      : smallest === sizes.category
        ? 'select product_id from listing where shop_id = $1 and category_id = $2 and $5::text is not null'
        : 'select product_id from listing where pickup_point_id = any($3) and $5::text is not null';
  const rows = await run<{ id: string; class: number }>(
    em,
    // A set that grew past the limit between two pages is cut.
    `with ranked as (
            select l.product_id as id, l.name, case
                when starts_with(l.name, $6) then 0
                when ' ' || l.name || ' ' like all($7::text[]) then 1
                when ' ' || l.name like all($8::text[]) then 2
                else 3 end as class
              from listing l
             where l.product_id = any(array(${candidates} limit ${2 * rankedLimit})) and l.shop_id = $1 and ' ' || l.name like all($9::text[]) and ${fits})
     select id, class from ranked
      where $10::bigint is null
         or (class, name, id) > ($11::int, (select search_name(title) collate "C" from product where id = $10 and shop_id = $1), $10)
      order by class, name, id limit $12`,
    [
      ...[search.shopId, filters.categoryId, filters.pointIds, filters.kind, rarest.stem, textOf(terms)],
      ...[terms.map(({ word }) => `% ${word} %`), terms.map(({ word }) => `% ${word}%`), stemsOf(terms)],
      ...[from?.productId ?? null, Number(from?.at ?? 0), search.limit + 1],
    ],
  );
  const page = rows.slice(0, search.limit);
  const last = page.at(-1);
  const next =
    last && rows.length > page.length ? writeCursor({ stage: 'ranked', productId: Number(last.id), at: String(last.class) }) : null;
  return { ids: page.map(({ id }) => Number(id)), next };
}

const textOf = (terms: readonly Term[]) => terms.map(({ word }) => word).join(' ');
const stemsOf = (terms: readonly Term[]) => terms.map(({ stem }) => `% ${stem}%`);

/** By which index everything is listed: that of the filter which leaves the fewest. */
export async function pickDriver(em: EntityManager, shopId: number, filters: Filters): Promise<keyof typeof drivers> {
  const { categoryId, pointIds, kind } = filters;
  if (categoryId === 0) return 'elsewhere';
  if (categoryId !== null && pointIds !== null) {
    const sizes = await measure(em, shopId, [], filters);
    return sizes.points < sizes.category ? 'points' : 'category';
  }
  return categoryId !== null ? 'category' : pointIds !== null ? 'points' : kind !== null ? 'kind' : 'shop';
}

const listedAfter = `(l.position, l.name, l.product_id) > (
  coalesce((select position from product where id = $5 and shop_id = $1), ${-(2 ** 31)}),
  coalesce((select search_name(title) from product where id = $5 and shop_id = $1), '') collate "C", coalesce($5::bigint, 0))`;
const inOrder = 'order by l.position, l.name, l.product_id';

/** At most so many rows of an index of lists, all filters but its own left aside. */
const drivers = {
  shop: () => `select l.* from listing l where l.shop_id = $1 and ${listedAfter} ${inOrder}`,
  category: () => `select l.* from listing l where l.shop_id = $1 and l.category_id = $2 and ${listedAfter} ${inOrder}`,
  elsewhere: () =>
    `select l.* from listing l where l.shop_id = $1 and l.category_id is null and l.pickup_point_id is null and ${listedAfter} ${inOrder}`,
  kind: () => `select l.* from listing l where l.shop_id = $1 and l.kind = $4 and ${listedAfter} ${inOrder}`,
  points: (most: number) => `select l.* from unnest($3::bigint[]) point cross join lateral (
      select l.* from listing l where l.pickup_point_id = point and ${listedAfter} ${inOrder} limit ${most}) l ${inOrder}`,
};

/** Of filters besides that of the index: an index of lists has nothing else in it, and what is not in it costs a look at every row. */
const fitsBeside: Record<keyof typeof drivers, string> = {
  shop: 'true',
  category: `($3::bigint[] is null or l.pickup_point_id = any($3)) and ($4::text is null or l.kind = $4)`,
  elsewhere: `$3::bigint[] is null and ($4::text is null or l.kind = $4)`,
  kind: 'true',
  points: `($2::bigint is null or l.category_id = $2) and ($4::text is null or l.kind = $4)`,
};

/** What is gone through at a stage: `rows` with `id`, `at` and `fits` in the order of an index, and which of their listings `l` are wanted. */
interface Walk {
  readonly rows: string;
  readonly isWanted: string;
  /** From `$5` on. */
  readonly values: readonly unknown[];
}

// Where an index is entered must be one comparison: of two, PostgreSQL may take the one that begins further in front.
const isNotNamed = `' ' || l.name like all($8::text[]) and not starts_with(l.name, $6)`;

const walks: Record<Exclude<SearchCursor['stage'], 'ranked'>, (asked: Asked, after: SearchCursor | undefined, most: number) => Walk> = {
  listed: ({ driver = 'shop' }, after, most) => ({
    rows: `select l.product_id as id, '' as at, ${fitsBeside[driver]} as fits from (${drivers[driver](most)}) l`,
    isWanted: 'true',
    values: [after?.productId ?? null],
  }),
  named: ({ terms }, after) => ({
    rows: `select product_id as id, '' as at, ${fits} as fits from listing l
            where shop_id = $1 and name < $6 || '${beyond}' and (name, product_id) > (
              coalesce((select search_name(title) from product where id = $5 and shop_id = $1), $6) collate "C", coalesce($5::bigint, 0))
            order by name, product_id`,
    isWanted: 'true',
    values: [after?.productId ?? null, textOf(terms)],
  }),
  exact: ({ terms, rarest }, after) => ({
    rows: `select product_id as id, '' as at, ${wordFits} as fits from listing_word l
            where shop_id = $1 and word = $7 and product_id > coalesce($5::bigint, 0)
            order by product_id`,
    isWanted: isNotNamed,
    values: [after?.productId ?? null, textOf(terms), rarest.word, stemsOf(terms)],
  }),
  begun: ({ terms, rarest }, after) => ({
    rows: `select product_id as id, word as at, ${wordFits} as fits from listing_word l
            where shop_id = $1 and word < $9 || '${beyond}' and (word, product_id) > ($10, $5) order by word, product_id`,
    // Once each: a name may have two words that begin so.
    isWanted: `${isNotNamed} and not ' ' || l.name || ' ' like '% ' || $7 || ' %'
      and w.ats[array_position(w.ids, l.product_id)] = (select min(word collate "C") from search_words(l.name) as of_name(word) where starts_with(word, $9))`,
    values: [after?.productId ?? 0, textOf(terms), rarest.word, stemsOf(terms), rarest.stem, after?.at || rarest.stem],
  }),
};

/** Goes through the stages one after another, from where the page before ended, until the page is full or enough was looked at. */
export async function goThrough(
  em: EntityManager,
  stages: readonly (keyof typeof walks)[],
  asked: Asked,
  from?: SearchCursor,
): Promise<PageOfIds> {
  const { search, filters } = asked;
  const steps = [...(isPlain(asked) ? [leastStep(search.limit)] : []), ...walkSteps];
  const found: SearchCursor[] = [];
  const first = Math.max(0, from ? (stages as readonly string[]).indexOf(from.stage) : 0);
  let after = from?.stage === stages[first] ? from : undefined;
  for (const stage of stages.slice(first)) {
    for (let [step, isOver] = [0, false]; !isOver; step += 1) {
      const most = steps[step];
      if (most === undefined)
        return { ids: found.map(({ productId }) => productId), next: writeCursor(after ?? { stage, productId: 0, at: '' }) };
      const { rows, isWanted, values } = walks[stage](asked, after, most);
      const walked = await run<{ id: string | null; at: string; last_id: string | null; last_at: string }>(
        em,
        `with walked as materialized (
           select array_agg(id) filter (where fits) as ids, array_agg(at) filter (where fits) as ats,
                  (array_agg(id))[${most}] as last_id, (array_agg(at))[${most}] as last_at from (${rows} limit ${most}) one)
         select w.last_id, w.last_at, wanted.id, w.ats[wanted.place] as at
           from walked w cross join (select $2::bigint, $3::bigint[], $4::text) given left join lateral (
             select l.product_id as id, array_position(w.ids, l.product_id) as place from listing l
              where l.product_id = any(w.ids) and l.shop_id = $1 and ${isWanted}) wanted on true
          order by wanted.place`,
        [search.shopId, filters.categoryId, filters.pointIds, filters.kind, ...values],
      );
      for (const { id, at } of walked) if (id !== null) found.push({ stage, productId: Number(id), at });
      const last = walked[0];
      if (last?.last_id) after = { stage, productId: Number(last.last_id), at: last.last_at };
      // One more than asked for says that there is a next page.
      if (found.length > search.limit) {
        const page = found.slice(0, search.limit);
        return { ids: page.map(({ productId }) => productId), next: writeCursor(page.at(-1) as SearchCursor) };
      }
      isOver = !last?.last_id;
    }
    after = undefined;
  }
  return { ids: found.map(({ productId }) => productId), next: null };
}
