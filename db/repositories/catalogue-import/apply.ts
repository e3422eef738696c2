/** Staged lines that fit become rows: a statement for what is new, one for what differs, and a line of the audit for each. */
import { CheckConstraintViolationException, UniqueConstraintViolationException } from '@mikro-orm/core';
import { columnsOfRecord, type RecordName } from '../../../domain/catalogue-file.ts';
import type { EntityManager } from '../../orm.ts';
import { run } from '../../prepared.ts';
import type { ImportCount, ImportWish } from '../catalogue-import.ts';
import { noteFaults, tableOfRecord, usualOf } from './stage.ts';

/** Columns of a row that come from elsewhere than one cell. */
const linked: Readonly<Record<RecordName, readonly string[]>> = {
  category: [],
  pickup_point: ['photo_id'],
  product: ['category_id', 'pickup_point_id', 'photo_id', 'variant_of', 'content'],
};
/** Never in the audit. */
const secret = ['content'];

const columnsOf = (record: RecordName) => [...Object.values(columnsOfRecord[record]).flatMap(({ row }) => row ?? []), ...linked[record]];

/** @returns false when variants and options do not fit together; the fault is noted, and nothing may be kept */
export async function applyLines(em: EntityManager, wish: ImportWish): Promise<boolean> {
  await write(em, wish, 'category');
  await addCategories(em, wish);
  await write(em, wish, 'pickup_point');
  await link(em, wish);
  await em.execute('savepoint products');
  try {
    await write(em, wish, 'product');
    await em.execute('set constraints all immediate');
  } catch (err) {
    return await noteMisfit(em, err);
  }
  await writeList(em, wish, { name: 'lessons', table: 'lesson', column: 'title', first: 1 });
  await writeList(em, wish, { name: 'album', table: 'product_photo', column: 'photo_id', first: 1 });
  return true;
}

/** Variants among the lines that are not what the options of their product say, as both would be. */
const misfits = `
  with merged as (select l.line, l.id as own_id, r.* from catalogue_line l left join product p on p.id = l.id
                    cross join lateral jsonb_populate_record(p, case when l.is_new then $1::jsonb || l.fields else l.fields end) r where l.record = 'product'),
       shown as (select own_id as id, kind, options, variant_of from merged
                 union all
                 select id, kind, options, variant_of from product where id in (select variant_of from merged) and id not in (select own_id from merged))
  insert into catalogue_fault (line, field, why)
  select v.line, case when s.kind <> v.kind then 'kind' else 'option_values' end,
         case when s.kind <> v.kind then 'is another than that of the product it is of' else 'are not what the options of its product say' end
    from merged v join shown s on s.id = v.variant_of
   where s.kind <> v.kind or s.variant_of is not null or s.options is null or cardinality(v.option_values) <> jsonb_array_length(s.options)
      or exists (select from jsonb_array_elements(s.options) with ordinality o (option, place)
                  where not coalesce((o.option -> 'values') @> to_jsonb(v.option_values[o.place]), false))
  union all
  select line, 'option_values', 'are those of line ' || first || ' too' from (
    select line, min(line) over (partition by variant_of, option_values) as first from merged where variant_of is not null) m where line <> first
  returning line`;

/** What the database alone sees of variants, told by line. */
async function noteMisfit(em: EntityManager, err: unknown): Promise<boolean> {
  if (!(err instanceof CheckConstraintViolationException || err instanceof UniqueConstraintViolationException)) throw err;
  const id = /product (\d+): a variant|variant_of, option_values\)=\((\d+),/.exec(err.message);
  if (!id) throw err;
  await em.execute('rollback to savepoint products');
  if ((await run(em, misfits, [JSON.stringify(usualOf.product)])).length > 0) return false;
  // It is about a variant that the file does not name.
  const lines = await run<{ line: number }>(em, `select line from catalogue_line where record = 'product' and id = $1`, [id[1] ?? id[2]]);
  await noteFaults(em, [{ line: lines[0]?.line ?? 0, field: 'options', why: 'do not fit a variant that the file does not name' }]);
  return false;
}

/** How many lines of each kind of record did what. */
export async function countLines(em: EntityManager): Promise<Record<RecordName, ImportCount>> {
  const rows = await run<{ record: RecordName } & ImportCount>(
    em,
    `select record, count(*) filter (where is_new)::int as created, count(*) filter (where changed and not is_new)::int as changed,
            count(*) filter (where not changed and not is_new)::int as unchanged from catalogue_line group by record`,
  );
  const none = { created: 0, changed: 0, unchanged: 0 };
  const of = (record: RecordName): ImportCount => {
    const found = rows.find((row) => row.record === record);
    return found ? { created: found.created, changed: found.changed, unchanged: found.unchanged } : none;
  };
  return { category: of('category'), pickup_point: of('pickup_point'), product: of('product') };
}

/** Categories that products name and nobody has made: they become lines of their own. */
async function addCategories(em: EntityManager, { shop, actor, at }: ImportWish): Promise<void> {
  await run(
    em,
    `with added as (insert into category (shop_id, name, position)
                    select $1::bigint, links->>'category', 0 from catalogue_line where record = 'product' and links->>'category' is not null
                     group by links->>'category' order by min(line)
                    on conflict (shop_id, name) do nothing returning id, name),
          told as (insert into audit (shop_id, actor, action, subject, subject_id, at) select $1, $2, 'create', 'category', name, $3 from added)
     insert into catalogue_line select 0, 'category', name, id, true, false, '{}', '{}' from added`,
    [shop.id, actor, at],
  );
}

/** Names of other rows become their ids. */
async function link(em: EntityManager, { shop }: ImportWish): Promise<void> {
  const links = [
    ['category', 'category_id', `select c.id from category c where c.shop_id = $1 and c.name = l.links->>'category'`],
    ['pickup_point', 'pickup_point_id', `select p.id from pickup_point p where p.shop_id = $1 and p.key = l.links->>'pickup_point'`],
    [
      'variant_of',
      'variant_of',
      `coalesce((select o.id from catalogue_line o where o.record = 'product' and o.key = l.links->>'variant_of'),
                (select p.id from product p where p.shop_id = $1 and p.sku = l.links->>'variant_of'))`,
    ],
  ] as const;
  for (const [name, column, id] of links) {
    const value = id.startsWith('select') ? `(${id})` : id;
    await run(
      em,
      `update catalogue_line l set fields = l.fields || jsonb_build_object('${column}', ${value})
        where l.record = 'product' and l.links ? '${name}' and $1::bigint is not null`,
      [shop.id],
    );
  }
}

async function write(em: EntityManager, { shop, actor, at }: ImportWish, record: RecordName): Promise<void> {
  const table = `"${tableOfRecord[record]}"`;
  const columns = columnsOf(record);
  const named = columns.map((column) => `"${column}"`).join(', ');
  const of = (row: string) => columns.map((column) => `(${row})."${column}"`).join(', ');
  await run(
    em,
    `with fresh as materialized (select * from catalogue_line where record = $5 and is_new),
          added as (insert into ${table} (id, shop_id, ${named})
                    select l.id, $1, ${columns.map((column) => `r."${column}"`).join(', ')}
                      from fresh l cross join lateral jsonb_populate_record(null::${table}, $4::jsonb || l.fields) r order by l.line)
     insert into audit (shop_id, actor, action, subject, subject_id, after, at)
     select $1, $2, 'create', $5, key, (fields || links) - $6::text[], $3 from fresh order by line`,
    [shop.id, actor, at, JSON.stringify(usualOf[record]), record, secret],
  );
  await run(
    em,
    `with next as materialized (select l.line, l.key, t.id, t as was, jsonb_populate_record(t, l.fields) as becomes
                                  from catalogue_line l join ${table} t on t.id = l.id where l.record = $4 and not l.is_new),
          differs as materialized (select * from next where (${of('was')}) is distinct from (${of('becomes')})),
          done as (update ${table} t set ${columns.map((column) => `"${column}" = (d.becomes)."${column}"`).join(', ')} from differs d where t.id = d.id),
          noted as (update catalogue_line l set changed = true from differs d where l.record = $4 and l.id = d.id)
     insert into audit (shop_id, actor, action, subject, subject_id, before, after, at)
     select $1, $2, 'change', $4, d.key, c.before, c.after, $3 from differs d cross join lateral (
       select jsonb_object_agg(b.key, b.value) as before, jsonb_object_agg(b.key, a.value) as after
         from jsonb_each(to_jsonb(d.was) - $5::text[]) b join jsonb_each(to_jsonb(d.becomes) - $5::text[]) a on a.key = b.key
        where a.value is distinct from b.value) c order by d.line`,
    [shop.id, actor, at, record, secret],
  );
}

/** What a product has several of, in their order: where it differs, all of it is written. */
async function writeList(
  em: EntityManager,
  { shop, actor, at }: ImportWish,
  { name, table, column, first }: { name: 'lessons' | 'album'; table: string; column: string; first: number },
): Promise<void> {
  const type = column === 'photo_id' ? 'bigint' : 'text';
  await run(
    em,
    `with next as (select l.id, l.line, l.key, l.is_new, l.links->'${name}' as becomes,
                          coalesce((select jsonb_agg(t."${column}" order by t.position) from ${table} t where t.product_id = l.id), '[]') as was
                     from catalogue_line l where l.record = 'product' and l.links ? '${name}'),
          differs as materialized (select * from next where was <> becomes),
          put as (insert into ${table} (product_id, position, "${column}")
                  select d.id, e.place - 1 + ${first}, e.value::${type} from differs d, jsonb_array_elements_text(d.becomes) with ordinality e (value, place)
                  on conflict (product_id, position) do update set "${column}" = excluded."${column}"),
          gone as (delete from ${table} t using differs d where t.product_id = d.id and t.position >= jsonb_array_length(d.becomes) + ${first}),
          noted as (update catalogue_line l set changed = true from differs d where l.record = 'product' and l.id = d.id)
     insert into audit (shop_id, actor, action, subject, subject_id, before, after, at)
     select $1, $2, 'change', 'product', key, jsonb_build_object('${name}', was), jsonb_build_object('${name}', becomes), $3
       from differs where not is_new order by line`,
    [shop.id, actor, at],
  );
}

const missing = `p.shop_id = $1 and p.active and not exists (select from catalogue_line l where l.record = 'product' and l.id = p.id)`;

export async function countRetiring(em: EntityManager, shopId: number): Promise<{ retiring: number; active: number }> {
  const [row] = await run<{ retiring: number; active: number }>(
    em,
    `select (select count(*) from product p where ${missing})::int as retiring, (select count(*) from product where shop_id = $1 and active)::int as active`,
    [shopId],
  );
  return row ?? { retiring: 0, active: 0 };
}

/** Products the file does not name go off sale; orders that have them go on. */
export async function retireMissing(em: EntityManager, { shop, actor, at }: ImportWish): Promise<number> {
  const [row] = await run<{ count: number }>(
    em,
    `with retired as (update product p set active = false where ${missing} returning p.sku),
          told as (insert into audit (shop_id, actor, action, subject, subject_id, before, after, at)
                   select $1, $2, 'retire', 'product', sku, '{"active": true}', '{"active": false}', $3 from retired)
     select count(*)::int as count from retired`,
    [shop.id, actor, at],
  );
  return row?.count ?? 0;
}
