import { Migration } from '@mikro-orm/migrations';

/** Variants, albums, files, and the kinds that are credited, granted or given: credits, access, courses, donations. */
export class Migration20261127000000_kinds extends Migration {
  override up(): void {
    this.addSql(`create table "product_photo" ("product_id" bigint not null, "position" int not null, "photo_id" bigint not null, primary key ("product_id", "position"));`);

    this.addSql(`create table "lesson" ("product_id" bigint not null, "position" int not null, "title" text not null, primary key ("product_id", "position"));`);

    this.addSql(`create table "grant" ("id" bigserial primary key, "shop_id" bigint not null, "customer_id" bigint not null, "order_line_id" bigint not null, "product_id" bigint not null, "kind" text not null, "credits" bigint null, "access_seconds" bigint null, "granted_at" timestamptz not null, "held_at" timestamptz null, "revoked_at" timestamptz null, "credits_back" bigint not null default '0');`);
    this.addSql(`alter table "grant" add constraint "grant_order_line_id_unique" unique ("order_line_id");`);
    this.addSql(`create index "grant_customer_id_kind_index" on "grant" ("customer_id", "kind");`);

    this.addSql(`alter table "product" add "variant_of" bigint null, add "option_values" text[] null, add "options" jsonb null, add "warranty_days" int null, add "credit_amount" int null, add "access_seconds" int null, add "donation_minimum" bigint null, add "donation_maximum" bigint null, add "content_kind" text not null default 'line', add "file_name" bytea null, add "media_type" text null;`);
    this.addSql(`alter table "product" add constraint "product_variant_of_foreign" foreign key ("variant_of") references "product" ("id") on delete no action;`);
    this.addSql(`alter table "product" add constraint "product_variant_of_option_values_unique" unique ("variant_of", "option_values");`);
    this.addSql(`alter table "product" add constraint "product_variant_options" check ((variant_of is null) = (option_values is null) and (variant_of is null or options is null));`);
    this.addSql(`alter table "product" add constraint "product_stock" check ((stock_mode <> 'unique' or kind in ('digital', 'pickup')) and (kind <> 'donation' or stock_mode = 'unlimited'));`);
    this.addSql(`alter table "product" add constraint "product_credits" check ((kind = 'credits') = (credit_amount is not null));`);
    this.addSql(`alter table "product" add constraint "product_access" check ((kind = 'access') = (access_seconds is not null));`);
    this.addSql(`alter table "product" add constraint "product_donation" check ((kind = 'donation') = (donation_minimum is not null) and (donation_minimum is null) = (donation_maximum is null) and (kind <> 'donation' or (price >= donation_minimum and price <= donation_maximum and discount_percent = 0)));`);
    this.addSql(`alter table "product" add constraint "product_file" check ((content_kind = 'file') = (file_name is not null) and (file_name is null) = (media_type is null));`);
    this.addSql(`alter table "product" add constraint "product_warranty_days_check" check (warranty_days > 0);`);
    this.addSql(`alter table "product" add constraint "product_credit_amount_check" check (credit_amount > 0);`);
    this.addSql(`alter table "product" add constraint "product_access_seconds_check" check (access_seconds > 0);`);
    this.addSql(`alter table "product" add constraint "product_donation_minimum_check" check (donation_minimum > 0);`);
    this.addSql(`alter table "product" add constraint "product_content_kind_check" check ("content_kind" in ('line', 'file', 'link'));`);

    this.addSql(`alter table "order_line" add "warranty_days" int null, add "credit_amount" int null, add "access_seconds" int null;`);

    this.addSql(`alter table "unit" add "content_kind" text not null default 'line', add "file_name" bytea null, add "media_type" text null;`);
    this.addSql(`alter table "unit" add constraint "unit_file" check ((content_kind = 'file') = (file_name is not null) and (file_name is null) = (media_type is null));`);
    this.addSql(`alter table "unit" add constraint "unit_content_kind_check" check ("content_kind" in ('line', 'file', 'link'));`);

    this.addSql(`alter table "product_photo" add constraint "product_photo_product_id_foreign" foreign key ("product_id") references "product" ("id");`);
    this.addSql(`alter table "product_photo" add constraint "product_photo_photo_id_foreign" foreign key ("photo_id") references "photo" ("id");`);
    this.addSql(`alter table "product_photo" add constraint "product_photo_position_check" check (position >= 1 and position <= 9);`);

    this.addSql(`alter table "lesson" add constraint "lesson_product_id_foreign" foreign key ("product_id") references "product" ("id");`);
    this.addSql(`alter table "lesson" add constraint "lesson_position_check" check (position > 0);`);
    this.addSql(`alter table "lesson" add constraint "lesson_title_check" check (title <> '');`);

    this.addSql(`alter table "grant" add constraint "grant_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "grant" add constraint "grant_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);
    this.addSql(`alter table "grant" add constraint "grant_order_line_id_foreign" foreign key ("order_line_id") references "order_line" ("id");`);
    this.addSql(`alter table "grant" add constraint "grant_product_id_foreign" foreign key ("product_id") references "product" ("id");`);
    this.addSql(`alter table "grant" add constraint "grant_credits" check ((kind = 'credits') = (credits is not null));`);
    this.addSql(`alter table "grant" add constraint "grant_access" check ((kind = 'access') = (access_seconds is not null));`);
    this.addSql(`alter table "grant" add constraint "grant_back" check (credits_back >= 0 and credits_back <= coalesce(credits, 0) and (credits_back = 0 or revoked_at is not null));`);
    this.addSql(`alter table "grant" add constraint "grant_credits_check" check (credits > 0);`);
    this.addSql(`alter table "grant" add constraint "grant_access_seconds_check" check (access_seconds > 0);`);

    // A variant is what the shown product's options say, wherever either is changed.
    this.addSql(`
      create function product_variant_fits() returns trigger language plpgsql as $$
      begin
        if exists (
          select from product v join product s on s.id = v.variant_of
           where (v.id = new.id or s.id = new.id)
             and (s.shop_id <> v.shop_id or s.kind <> v.kind or s.variant_of is not null or s.options is null
                  or cardinality(v.option_values) <> jsonb_array_length(s.options)
                  or exists (select from jsonb_array_elements(s.options) with ordinality o (option, place)
                              where not coalesce((o.option -> 'values') @> to_jsonb(v.option_values[o.place]), false)))) then
          raise exception 'product %: a variant is not what the options of its product say', new.id using errcode = 'check_violation';
        end if;
        return null;
      end $$;`);
    this.addSql(`
      create constraint trigger product_variant_fits after insert on "product" deferrable initially deferred
        for each row when (new.variant_of is not null or new.options is not null) execute function product_variant_fits();`);
    this.addSql(`
      create constraint trigger product_variant_still_fits after update of variant_of, option_values, options, kind, shop_id on "product"
        deferrable initially deferred for each row execute function product_variant_fits();`);

    // What was granted is never another, and what was taken back stays so.
    this.addSql(`
      create function grant_frozen() returns trigger language plpgsql as $$
      begin
        if (old.shop_id, old.customer_id, old.order_line_id, old.product_id, old.kind, old.credits, old.access_seconds, old.granted_at)
           is distinct from
           (new.shop_id, new.customer_id, new.order_line_id, new.product_id, new.kind, new.credits, new.access_seconds, new.granted_at)
           or (old.revoked_at is not null and (old.revoked_at, old.credits_back) is distinct from (new.revoked_at, new.credits_back)) then
          raise exception 'grant % is frozen', new.id using errcode = 'check_violation';
        end if;
        return new;
      end $$;`);
    this.addSql(`create trigger grant_frozen before update on "grant" for each row execute function grant_frozen();`);

    this.addSql(`grant select, insert, update, delete on "product_photo", "lesson" to tillflow_app;`);
    this.addSql(`grant select, insert, update on "grant" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "grant_id_seq" to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Kinds are not taken down: restore a backup instead.');
  }
}
