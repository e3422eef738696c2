import { Migration } from '@mikro-orm/migrations';

/** What lists and search read: a row and the words of its name for each product that is shown, kept by triggers. */
export class Migration20261127001000_listing extends Migration {
  override up(): void {
    this.addSql(`create table "listing_word" ("shop_id" bigint not null, "word" text collate "C" not null, "product_id" bigint not null, primary key ("shop_id", "word", "product_id"));`);
    this.addSql(`create table "listing" ("product_id" bigint not null, "shop_id" bigint not null, "kind" text not null, "category_id" bigint null, "pickup_point_id" bigint null, "position" int not null, "name" text collate "C" not null, primary key ("product_id"));`);
    this.addSql(`create index "listing_of_shop" on "listing" ("shop_id", "position", "name", "product_id");`);
    this.addSql(`create index "listing_of_category" on "listing" ("shop_id", "category_id", "position", "name", "product_id");`);
    this.addSql(`create index "listing_of_kind" on "listing" ("shop_id", "kind", "position", "name", "product_id");`);
    this.addSql(`create index "listing_at_point" on "listing" ("pickup_point_id", "position", "name", "product_id");`);
    this.addSql(`create index "listing_by_name" on "listing" ("shop_id", "name", "product_id");`);
    this.addSql(`create index "listing_elsewhere" on "listing" ("shop_id", "position", "name", "product_id") where category_id is null and pickup_point_id is null;`);
    this.addSql(`alter table "listing" add constraint "listing_product_id_foreign" foreign key ("product_id") references "product" ("id") on update cascade on delete cascade;`);

    // The one way a name or a text is made comparable. Its letters are Unicode's, whatever the locale of the cluster is.
    this.addSql(`
      create function search_name(title text) returns text language sql immutable parallel safe as $$
        select trim(regexp_replace(
          replace(replace(replace(translate(
            lower(regexp_replace(normalize(left(title, 400), NFKD), '[\\u0300-\\u036f''’ʼ\`]', '', 'g') collate "pg_c_utf8"),
            'łøđħı', 'lodhi'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
          '[^[:alnum:]]+', ' ', 'g'))
      $$;`);
    this.addSql(`
      create function search_words(name text) returns setof text language sql immutable parallel safe as $$
        select distinct left(word, 32) from unnest(string_to_array(name, ' ')) word where word <> ''
      $$;`);

    // They run with the owner's rights: the application may not change what follows from products.
    this.addSql(`
      create function list_added_products() returns trigger language plpgsql security definer set search_path = public as $$
      begin
        with listed as (
          insert into listing (product_id, shop_id, kind, category_id, pickup_point_id, position, name)
          select id, shop_id, kind, category_id, pickup_point_id, position, search_name(title) from added
           where active and variant_of is null
          returning shop_id, product_id, name)
        insert into listing_word (shop_id, word, product_id)
        select l.shop_id, w.word, l.product_id from listed l cross join lateral search_words(l.name) as w(word);
        return null;
      end $$;`);
    this.addSql(`
      create function list_changed_product() returns trigger language plpgsql security definer set search_path = public as $$
      declare
        was text;
        is_name text;
      begin
        delete from listing where product_id = old.id and not (tg_op = 'UPDATE' and new.active and new.variant_of is null) returning name into was;
        if found then
          delete from listing_word where shop_id = old.shop_id and word in (select search_words(was)) and product_id = old.id;
        end if;
        if tg_op = 'DELETE' then return old; end if;
        if not new.active or new.variant_of is not null then return null; end if;
        is_name := search_name(new.title);
        select name into was from listing where product_id = new.id;
        insert into listing (product_id, shop_id, kind, category_id, pickup_point_id, position, name)
        values (new.id, new.shop_id, new.kind, new.category_id, new.pickup_point_id, new.position, is_name)
        on conflict (product_id) do update set shop_id = excluded.shop_id, kind = excluded.kind, category_id = excluded.category_id,
          pickup_point_id = excluded.pickup_point_id, position = excluded.position, name = excluded.name;
        if was is null or was <> is_name or old.shop_id <> new.shop_id then
          delete from listing_word where shop_id = old.shop_id and word in (select search_words(was)) and product_id = new.id;
          insert into listing_word (shop_id, word, product_id) select new.shop_id, w.word, new.id from search_words(is_name) as w(word);
        end if;
        return null;
      end $$;`);
    this.addSql(`create trigger list_added_products after insert on "product" referencing new table as added for each statement execute function list_added_products();`);
    this.addSql(`create trigger list_changed_product after update of shop_id, kind, title, category_id, pickup_point_id, active, variant_of, position on "product" for each row execute function list_changed_product();`);
    this.addSql(`create trigger list_removed_product before delete on "product" for each row execute function list_changed_product();`);

    this.addSql(`
      with listed as (
        insert into listing (product_id, shop_id, kind, category_id, pickup_point_id, position, name)
        select id, shop_id, kind, category_id, pickup_point_id, position, search_name(title) from product where active and variant_of is null
        returning shop_id, product_id, name)
      insert into listing_word (shop_id, word, product_id)
      select l.shop_id, w.word, l.product_id from listed l cross join lateral search_words(l.name) as w(word);`);

    this.addSql(`grant select on "listing", "listing_word" to tillflow_app;`);
  }

  override down(): void {
    throw new Error('What lists read is not taken down: restore a backup instead.');
  }
}
