import { Migration } from '@mikro-orm/migrations';

/** What lists and words are narrowed by stands in their indexes, so that what does not fit is left out without a look at any row. */
export class Migration20261127044500_narrowed extends Migration {
  override up(): void {
    this.addSql(`drop table "listing_word";`);
    this.addSql(`create table "listing_word" ("shop_id" bigint not null, "word" text collate "C" not null, "product_id" bigint not null, "category_id" bigint not null, "pickup_point_id" bigint not null, "kind" text not null, primary key ("shop_id", "word", "product_id", "category_id", "pickup_point_id", "kind"));`);
    this.addSql(`drop index "listing_of_category";`);
    this.addSql(`drop index "listing_at_point";`);
    this.addSql(`drop index "listing_by_name";`);
    this.addSql(`create index "listing_of_category" on "listing" ("shop_id", "category_id", "position", "name", "product_id") include ("kind", "pickup_point_id");`);
    this.addSql(`create index "listing_at_point" on "listing" ("pickup_point_id", "position", "name", "product_id") include ("kind", "category_id");`);
    this.addSql(`drop index "listing_elsewhere";`);
    this.addSql(`create index "listing_elsewhere" on "listing" ("shop_id", "position", "name", "product_id") include ("kind") where category_id is null and pickup_point_id is null;`);
    this.addSql(`create index "listing_by_name" on "listing" ("shop_id", "name", "product_id") include ("kind", "category_id", "pickup_point_id");`);

    this.addSql(`
      create or replace function list_added_products() returns trigger language plpgsql security definer set search_path = public as $$
      begin
        with listed as (
          insert into listing (product_id, shop_id, kind, category_id, pickup_point_id, position, name)
          select id, shop_id, kind, category_id, pickup_point_id, position, search_name(title) from added
           where active and variant_of is null
          returning *)
        insert into listing_word (shop_id, word, product_id, category_id, pickup_point_id, kind)
        select l.shop_id, w.word, l.product_id, coalesce(l.category_id, 0), coalesce(l.pickup_point_id, 0), l.kind
          from listed l cross join lateral search_words(l.name) as w(word);
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
        if (was.shop_id, was.name, was.kind, was.category_id, was.pickup_point_id)
           is distinct from (new.shop_id, is_name, new.kind, new.category_id, new.pickup_point_id) then
          delete from listing_word where shop_id = was.shop_id and word in (select search_words(was.name)) and product_id = new.id;
          insert into listing_word (shop_id, word, product_id, category_id, pickup_point_id, kind)
          select new.shop_id, w.word, new.id, coalesce(new.category_id, 0), coalesce(new.pickup_point_id, 0), new.kind
            from search_words(is_name) as w(word);
        end if;
        return null;
      end $$;`);

    this.addSql(`
      insert into listing_word (shop_id, word, product_id, category_id, pickup_point_id, kind)
      select l.shop_id, w.word, l.product_id, coalesce(l.category_id, 0), coalesce(l.pickup_point_id, 0), l.kind
        from listing l cross join lateral search_words(l.name) as w(word);`);
    this.addSql(`grant select on "listing_word" to tillflow_app;`);
    this.addSql(`analyze "listing", "listing_word";`);
  }

  override down(): void {
    throw new Error('What lists read is not taken down: restore a backup instead.');
  }
}
