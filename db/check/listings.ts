/** Rules of what lists and search read. */
import type { Rule } from './rule.ts';

export const listingRules: readonly Rule[] = [
  {
    name: 'listed-is-what-is-shown',
    sql: `select 'product ' || coalesce(p.id, l.product_id) as subject,
                 case when l.product_id is null then 'shown, but not listed' when p.id is null then 'listed, but not shown'
                      else 'listed as it no longer is' end as detail
            from (select * from product where active and variant_of is null) p full join listing l on l.product_id = p.id
           where (p.shop_id, p.kind, p.position, search_name(p.title)) is distinct from (l.shop_id, l.kind, l.position, l.name)
              or p.category_id is distinct from l.category_id or p.pickup_point_id is distinct from l.pickup_point_id`,
  },
  {
    name: 'listed-is-found-by-its-words',
    sql: `select 'product ' || coalesce(l.product_id, w.product_id) as subject,
                 case when w.product_id is null then 'not found by "' || l.word || '"' when l.product_id is null then 'found by "' || w.word || '"'
                      else 'found by "' || w.word || '" as it no longer is' end as detail
            from (select listing.*, word from listing cross join lateral search_words(name) as of_name(word)) l
            full join listing_word w on w.shop_id = l.shop_id and w.word = l.word and w.product_id = l.product_id
           where l.product_id is null or w.product_id is null
              or (l.kind, coalesce(l.category_id, 0), coalesce(l.pickup_point_id, 0)) <> (w.kind, w.category_id, w.pickup_point_id)`,
  },
];
