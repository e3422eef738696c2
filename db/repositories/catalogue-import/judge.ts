/** What only shows when all lines are there: two of one key, names of what is nowhere, changes that may not be. */
import { kindTraits, productKinds } from '../../../domain/product.ts';
import { mostUnasked } from '../../../domain/setting.ts';
import type { EntityManager } from '../../orm.ts';
import { run } from '../../prepared.ts';
import type { ImportWish } from '../catalogue-import.ts';
import { usualOf } from './stage.ts';

const fault = 'insert into catalogue_fault (line, field, why)';

/** Kinds that are collected somewhere. */
const collected = productKinds.filter((kind) => kindTraits[kind].handover === 'code');

/** Products as they would be, of lines that fit so far, in a table of this transaction. */
const next = `create temp table catalogue_next on commit drop as
  select l.line, coalesce(l.links->>'variant_of', r.variant_of::text) is not null as is_variant, r.kind, r.stock_mode, r.price, r.discount_percent,
         r.credit_amount, r.access_seconds, r.donation_minimum, r.donation_maximum, r.options, r.option_values
    from catalogue_line l left join product p on p.id = l.id
         cross join lateral jsonb_populate_record(p, case when l.is_new then $1::jsonb || l.fields else l.fields end) r
   where l.record = 'product' and not exists (select from catalogue_fault f where f.line = l.line)`;

/** Each finds `field` and `why` among the products as they would be. */
const productRules: readonly string[] = [
  ...(
    [
      ['credit_amount', 'credits'],
      ['access_seconds', 'access'],
      ['donation_minimum', 'donation'],
      ['donation_maximum', 'donation'],
    ] as const
  ).map(
    ([field, kind]) =>
      `select line, '${field}' as field, case when kind = '${kind}' then 'is needed for ${kind}' else 'is of ${kind} only' end as why from catalogue_next
        where (kind = '${kind}') <> ("${field}" is not null)`,
  ),
  `select line, 'price', 'is not between the least and the most of the donation' from catalogue_next
    where kind = 'donation' and not coalesce(price between donation_minimum and donation_maximum, true)`,
  `select line, 'discount_percent', 'is of nothing that customers name the amount of' from catalogue_next where kind = 'donation' and discount_percent > 0`,
  `select line, 'stock_mode', stock_mode || ' is no way to keep ' || kind from catalogue_next
    where not coalesce($1::jsonb -> kind -> 'stockModes' ? stock_mode, false)`,
  `select line, 'option_values', case when is_variant then 'are needed, in the order of its options' else 'are of variants only' end
     from catalogue_next where is_variant <> (option_values is not null)`,
  `select line, 'options', 'are of the product that is shown, not of its variants' from catalogue_next where is_variant and options is not null`,
];

export async function judgeLines(em: EntityManager, { shop, sure }: ImportWish): Promise<void> {
  await run(
    em,
    `${fault} select line, case record when 'category' then 'title' else 'sku' end, 'is that of line ' || first || ' too'
       from (select line, record, min(line) over (partition by record, key) as first from catalogue_line) l where line <> first`,
  );
  await run(
    em,
    `${fault} select l.line, 'pickup_point', 'is no pickup point of the shop or the file' from catalogue_line l
      where l.record = 'product' and l.links->>'pickup_point' is not null
        and not exists (select from catalogue_line o where o.record = 'pickup_point' and o.key = l.links->>'pickup_point')
        and not exists (select from pickup_point p where p.shop_id = $1 and p.key = l.links->>'pickup_point')`,
    [shop.id],
  );
  await run(
    em,
    `${fault} select l.line, 'pickup_point', case when l.collected then 'is needed for what is collected' else 'is of what is collected only' end
       from (select l.*, coalesce(l.fields->>'kind', p.kind) = any($1::text[]) as collected,
                    case when l.links ? 'pickup_point' then l.links->>'pickup_point' else p.pickup_point_id::text end as point
               from catalogue_line l left join product p on p.id = l.id
              where l.record = 'product' and (l.is_new or l.links ? 'pickup_point') and (l.fields ? 'kind' or p.id is not null)) l
      where l.collected <> (l.point is not null)`,
    [collected],
  );
  for (const field of ['kind', 'stock_mode']) {
    await run(
      em,
      `${fault} select l.line, '${field}', 'stays ' || p."${field}" || '; what is sold otherwise is another product' from catalogue_line l
         join product p on p.id = l.id where l.record = 'product' and not l.is_new and l.fields->>'${field}' <> p."${field}"`,
    );
  }
  await run(
    em,
    `${fault} select l.line, 'variant_of', 'is no product of the shop or the file' from catalogue_line l
      where l.record = 'product' and l.links->>'variant_of' is not null
        and not exists (select from catalogue_line o where o.record = 'product' and o.key = l.links->>'variant_of' and o.id <> l.id)
        and not exists (select from product p where p.shop_id = $1 and p.sku = l.links->>'variant_of' and p.id <> l.id)`,
    [shop.id],
  );
  // A statement that makes a table takes no parameters.
  await em.execute(next.replace('$1', '?'), [JSON.stringify(usualOf.product)]);
  for (const rule of productRules) await run(em, `${fault} ${rule}`, rule.includes('$1') ? [JSON.stringify(kindTraits)] : []);
  if (sure) return;
  await run(
    em,
    `${fault} select l.line, 'discount_percent', (l.fields->>'discount_percent') || ' % off is much; add --sure if that is meant'
       from catalogue_line l left join product p on p.id = l.id
      where l.record = 'product' and (l.fields->>'discount_percent')::int > $1
        and p.discount_percent is distinct from (l.fields->>'discount_percent')::int`,
    [mostUnasked],
  );
}
