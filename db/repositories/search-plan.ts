/** What a search is made of before it runs: words, filters, and how many products have each. */
import type { ProductKind } from '../../domain/product.ts';
import { findMeant, searchLimits, slipsOf, stemOf } from '../../domain/search.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import type { ProductSearch } from './search.ts';

/** So many candidates are ranked whole. */
export const rankedLimit = 1_000;
/** So many words of a shop are compared with one that nobody uses there. */
const knownLimit = 4_000;
/** Sorts after every letter. */
export const beyond = '\u{10ffff}';

export interface Term {
  readonly word: string;
  readonly stem: string;
}

export interface Filters {
  readonly categoryId: number | null;
  /** Pickup points of the city or district; null: any or none. */
  readonly pointIds: readonly number[] | null;
  readonly kind: ProductKind | null;
}

export function makeTerms(name: string): Term[] {
  const words = [...new Set(name.split(' ').filter(Boolean))].slice(0, searchLimits.words);
  return words.map((whole) => {
    const word = [...whole].slice(0, searchLimits.letters).join('');
    return { word, stem: stemOf(word) };
  });
}

/** @returns undefined when the shop has no such place */
export async function readFilters(
  em: EntityManager,
  { shopId, city, district, categoryId, kind }: ProductSearch,
): Promise<Filters | undefined> {
  const plain = { categoryId: categoryId ?? null, kind: kind ?? null };
  if (city === undefined && district === undefined) return { ...plain, pointIds: null };
  // PostgreSQL has no such character, so no place has it.
  if (`${city}${district}`.includes('\0')) return undefined;
  const points = await run<{ id: string }>(
    em,
    `select id from pickup_point where shop_id = $1 and ($2::text is null or city = $2) and ($3::text is null or district = $3)`,
    [shopId, city ?? null, district ?? null],
  );
  return points.length === 0 ? undefined : { ...plain, pointIds: points.map(({ id }) => Number(id)) };
}

/** How many have what, counted up to one more than can be ranked; infinite: a filter that is not set. */
export async function measure(em: EntityManager, shopId: number, terms: readonly Term[], { categoryId, pointIds }: Filters) {
  const most = `limit ${rankedLimit + 1}`;
  const [row] = await run<{ words: number[] | null; category: number | null; points: number | null }>(
    em,
    `select (select array_agg(size order by place) from (
              select t.place, (select count(*) from (
                  select 1 from listing_word w
                   where w.shop_id = $1 and w.word >= t.stem collate "C" and w.word < (t.stem || '${beyond}') collate "C" ${most}) one)::int as size
                from unnest($2::text[]) with ordinality t(stem, place)) sizes) as words,
            case when $3::bigint > 0 then
              (select count(*)::int from (select 1 from listing where shop_id = $1 and category_id = $3 ${most}) one) end as category,
            case when $4::bigint[] is not null then
              (select count(*)::int from (select 1 from listing where pickup_point_id = any($4) ${most}) one) end as points`,
    [shopId, terms.map(({ stem }) => stem), categoryId, pointIds],
  );
  const orInfinite = (size: number | null | undefined) => size ?? Number.POSITIVE_INFINITY;
  return { terms: row?.words ?? [], category: orInfinite(row?.category), points: orInfinite(row?.points) };
}

export type Sizes = Awaited<ReturnType<typeof measure>>;

/**
 * Takes words that no name here has for slips of the pen.
 * @returns the text with what was meant; undefined when one of them resembles nothing
 */
export async function correct(
  em: EntityManager,
  shopId: number,
  terms: readonly Term[],
  sizes: readonly number[],
): Promise<string | undefined> {
  const meant: string[] = [];
  for (const [index, { word }] of terms.entries()) {
    if (sizes[index] !== 0) meant.push(word);
    else {
      const known = slipsOf(word) === 0 ? [] : await listWords(em, shopId, [...word][0] ?? '');
      const found = findMeant(word, known);
      if (found === undefined) return undefined;
      meant.push(found);
    }
  }
  return meant.join(' ');
}

/** The different words of a shop that begin so, by hopping from one to the next. */
async function listWords(em: EntityManager, shopId: number, beginning: string): Promise<string[]> {
  const rows = await run<{ word: string }>(
    em,
    `with recursive known as (
       (select word from listing_word where shop_id = $1 and word >= $2 order by word limit 1) union all
       select (select w.word from listing_word w where w.shop_id = $1 and w.word > known.word order by w.word limit 1)
         from known where starts_with(known.word, $2))
     select word from known where starts_with(word, $2) limit ${knownLimit}`,
    [shopId, beginning],
  );
  return rows.map(({ word }) => word);
}
