import { Migration } from '@mikro-orm/migrations';

const listed = ['shop_id', 'kind', 'title', 'category_id', 'pickup_point_id', 'active', 'variant_of', 'position'];
const ofVariants = ['variant_of', 'option_values', 'options', 'kind', 'shop_id'];
const differs = (columns: readonly string[]) => {
  const of = (row: string) => columns.map((column) => `${row}.${column}`).join(', ');
  return `(${of('old')}) is distinct from (${of('new')})`;
};

/** Words of names know what lists are narrowed by; what a change leaves as it was starts no trigger, whatever columns it names. */
export class Migration20261127042000_listing_words extends Migration {
  override up(): void {
    this.addSql(`truncate "listing_word";`);
    this.addSql(`alter table "listing_word" add "kind" text not null, add "category_id" bigint null, add "pickup_point_id" bigint null;`);
    this.addSql(`
      insert into listing_word (shop_id, word, product_id, kind, category_id, pickup_point_id)
      select l.shop_id, w.word, l.product_id, l.kind, l.category_id, l.pickup_point_id from listing l cross join lateral search_words(l.name) as w(word);`);

    this.addSql(`
      create or replace function list_added_products() returns trigger language plpgsql security definer set search_path = public as $$
      begin
        with listed as (
          insert into listing (product_id, shop_id, kind, category_id, pickup_point_id, position, name)
          select id, shop_id, kind, category_id, pickup_point_id, position, search_name(title) from added
           where active and variant_of is null
          returning *)
        insert into listing_word (shop_id, word, product_id, kind, category_id, pickup_point_id)
        select l.shop_id, w.word, l.product_id, l.kind, l.category_id, l.pickup_point_id from listed l cross join lateral search_words(l.name) as w(word);
        return null;
      end $$;`);
    this.addSql(`
      create or replace function list_changed_product() returns trigger language plpgsql security definer set search_path = public as $$
      declare
        was listing;
        is_name text;
      begin
        select * into was from listing where product_id = old.id;
        if tg_op = 'DELETE' or not new.active or new.variant_of is not null then
          delete from listing where product_id = old.id;
          delete from listing_word where shop_id = was.shop_id and word in (select search_words(was.name)) and product_id = old.id;
          return old;
        end if;
        is_name := search_name(new.title);
        insert into listing (product_id, shop_id, kind, category_id, pickup_point_id, position, name)
        values (new.id, new.shop_id, new.kind, new.category_id, new.pickup_point_id, new.position, is_name)
        on conflict (product_id) do update set shop_id = excluded.shop_id, kind = excluded.kind, category_id = excluded.category_id,
          pickup_point_id = excluded.pickup_point_id, position = excluded.position, name = excluded.name;
        if (was.shop_id, was.name) is distinct from (new.shop_id, is_name) then
          delete from listing_word where shop_id = was.shop_id and word in (select search_words(was.name)) and product_id = new.id;
          insert into listing_word (shop_id, word, product_id, kind, category_id, pickup_point_id)
          select new.shop_id, w.word, new.id, new.kind, new.category_id, new.pickup_point_id from search_words(is_name) as w(word);
        elsif (was.kind, was.category_id, was.pickup_point_id) is distinct from (new.kind, new.category_id, new.pickup_point_id) then
          update listing_word set kind = new.kind, category_id = new.category_id, pickup_point_id = new.pickup_point_id
           where shop_id = new.shop_id and word in (select search_words(is_name)) and product_id = new.id;
        end if;
        return null;
      end $$;`);
    this.addSql(`drop trigger list_changed_product on "product";`);
    this.addSql(`
      create trigger list_changed_product after update of ${listed.join(', ')} on "product"
        for each row when (${differs(listed)}) execute function list_changed_product();`);

    // Each side is found by an index of its own: of two sides in one condition, every product would be read for each that changes.
    this.addSql(`
      create or replace function product_variant_fits() returns trigger language plpgsql as $$
      begin
        if exists (
          select from product v join product s on s.id = v.variant_of
           where v.id in (select new.id union all select id from product where variant_of = new.id)
             and (s.shop_id <> v.shop_id or s.kind <> v.kind or s.variant_of is not null or s.options is null
                  or cardinality(v.option_values) <> jsonb_array_length(s.options)
                  or exists (select from jsonb_array_elements(s.options) with ordinality o (option, place)
                              where not coalesce((o.option -> 'values') @> to_jsonb(v.option_values[o.place]), false)))) then
          raise exception 'product %: a variant is not what the options of its product say', new.id using errcode = 'check_violation';
        end if;
        return null;
      end $$;`);
    this.addSql(`drop trigger product_variant_still_fits on "product";`);
    this.addSql(`
      create constraint trigger product_variant_still_fits after update of ${ofVariants.join(', ')} on "product"
        deferrable initially deferred for each row
        when (${differs(ofVariants)} and (new.variant_of is not null or new.options is not null or old.options is not null))
        execute function product_variant_fits();`);
  }

  override down(): void {
    throw new Error('What lists read is not taken down: restore a backup instead.');
  }
}
