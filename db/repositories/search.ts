/**
 * Finding products by what a person types. Nothing here looks at more rows than `rankedLimit` and `walkSteps` allow, however many products a
 * shop has: what matches few products is ranked whole, what matches many is gone through in the order of an index.
 */
import type { ProductKind } from '../../domain/product.ts';
import { readCursor, searchLimits } from '../../domain/search.ts';
import type { Product } from '../entities/product.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { findProducts } from './catalogue.ts';
import { correct, makeTerms, measure, rankedLimit, readFilters } from './search-plan.ts';
import { goThrough, pickDriver, rank } from './search-walk.ts';

export interface ProductSearch {
  readonly shopId: number;
  /** Whatever a person typed; nothing but spaces lists everything, in the order of lists. */
  readonly text: string;
  readonly city?: string | undefined;
  readonly district?: string | undefined;
  /** 0: products of no category and with nothing to collect. */
  readonly categoryId?: number | undefined;
  readonly kind?: ProductKind | undefined;
  /** Where the page before ended; one that is no cursor is the beginning. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface FoundIds {
  readonly ids: readonly number[];
  /** Where the next page begins; null at the end. A page may be short and yet have a next one. */
  readonly next: string | null;
  /** What was searched for instead, when words nobody uses here were taken for slips of the pen. */
  readonly corrected: string | null;
}

export interface FoundProducts extends Omit<FoundIds, 'ids'> {
  readonly products: readonly Product[];
}

/** Products of this shop that are shown, the best first: names that begin with the text, then with its words, then with their stems. */
export async function searchProducts(em: EntityManager, search: ProductSearch): Promise<FoundProducts> {
  const { ids, next, corrected } = await searchProductIds(em, search);
  const found = await findProducts(em, search.shopId, ids);
  return { products: ids.flatMap((id) => found.get(id) ?? []), next, corrected };
}

export async function searchProductIds(em: EntityManager, search: ProductSearch): Promise<FoundIds> {
  const text = search.text.slice(0, searchLimits.characters).replaceAll('\0', ' ');
  const filters = await readFilters(em, search);
  const from = readCursor(search.cursor ?? '');
  if (filters === undefined) return { ids: [], next: null, corrected: null };
  if (text.trim() === '') {
    const listed = { search, filters, terms: [], rarest: { word: '', stem: '' }, driver: await pickDriver(em, search.shopId, filters) };
    return { ...(await goThrough(em, ['listed'], listed, from)), corrected: null };
  }
  const [said] = await run<{ name: string }>(em, 'select search_name($1) as name', [text]);
  let terms = makeTerms(said?.name ?? '');
  if (terms.length === 0) return { ids: [], next: null, corrected: null };
  let sizes = await measure(em, search.shopId, terms, filters);
  const corrected = sizes.terms.includes(0) ? await correct(em, search.shopId, terms, sizes.terms) : undefined;
  if (corrected !== undefined) {
    terms = makeTerms(corrected);
    sizes = await measure(em, search.shopId, terms, filters);
  }
  const rarest = terms[sizes.terms.indexOf(Math.min(...sizes.terms))];
  if (!rarest || sizes.terms.includes(0)) return { ids: [], next: null, corrected: null };
  const asked = { search, filters, terms, rarest };
  const isRanked = from ? from.stage === 'ranked' : Math.min(...sizes.terms, sizes.category, sizes.points) <= rankedLimit;
  const page = isRanked ? await rank(em, asked, sizes, from) : await goThrough(em, ['named', 'exact', 'begun'], asked, from);
  return { ...page, corrected: corrected ?? null };
}
