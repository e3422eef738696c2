import { Migration } from '@mikro-orm/migrations';

/** Promo codes, the uses of them that orders hold, and what they take off. */
export class Migration20261127002600_promo_code extends Migration {
  override up(): void {
    this.addSql(`create table "code_try" ("id" bigserial primary key, "customer_id" bigint not null, "at" timestamptz not null);`);
    this.addSql(`create index "code_try_customer_id_at_index" on "code_try" ("customer_id", "at");`);
    this.addSql(`create table "promo_code" ("id" bigserial primary key, "shop_id" bigint not null, "code" text not null, "description" text not null default '', "kind" text not null, "value" bigint not null, "use_limit" int null, "remaining" int null, "customer_limit" int null, "first_order_only" boolean not null default false, "product_id" bigint null, "category_id" bigint null, "minimum_total" bigint not null default '0', "starts_at" timestamptz null, "ends_at" timestamptz null, "stopped_at" timestamptz null, "created_at" timestamptz not null);`);
    this.addSql(`alter table "promo_code" add constraint "promo_code_shop_id_code_unique" unique ("shop_id", "code");`);
    this.addSql(`create table "promo_code_customer" ("promo_code_id" bigint not null, "customer_id" bigint not null, primary key ("promo_code_id", "customer_id"));`);
    this.addSql(`create table "promo_use" ("id" bigserial primary key, "shop_id" bigint not null, "promo_code_id" bigint not null, "order_id" bigint not null, "customer_id" bigint not null, "status" text not null, "saved" bigint not null, "saved_stars" bigint not null, "reserved_at" timestamptz not null);`);
    this.addSql(`alter table "promo_use" add constraint "promo_use_order_id_unique" unique ("order_id");`);
    this.addSql(`create index "promo_use_promo_code_id_customer_id_index" on "promo_use" ("promo_code_id", "customer_id");`);
    this.addSql(`create index "promo_use_customer_id_index" on "promo_use" ("customer_id");`);
    this.addSql(`create table "applied_code" ("customer_id" bigint not null, "promo_code_id" bigint null, "asked_at" timestamptz null, "asked_for" text null, primary key ("customer_id"));`);
    this.addSql(`alter table "order" add "promo_code_id" bigint null, add "promo_code" text null;`);
    this.addSql(`alter table "order" add constraint "order_promo_code_id_foreign" foreign key ("promo_code_id") references "promo_code" ("id") on delete no action;`);
    this.addSql(`alter table "order_line" add "code_discount" bigint not null default '0', add "code_stars" bigint not null default '0';`);
    this.addSql(`alter table "order_line" add constraint "order_line_code_discount_check" check (code_discount >= 0 and code_discount <= price * quantity);`);
    this.addSql(`alter table "order_line" add constraint "order_line_code_stars_check" check (code_stars >= 0 and code_stars <= coalesce(stars_price, 0) * quantity);`);
    this.addSql(`alter table "auto_buy" add "promo_code_id" bigint null;`);
    this.addSql(`alter table "auto_buy" add constraint "auto_buy_promo_code_id_foreign" foreign key ("promo_code_id") references "promo_code" ("id") on delete no action;`);
    this.addSql(`alter table "code_try" add constraint "code_try_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);
    this.addSql(`alter table "promo_code" add constraint "promo_code_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "promo_code" add constraint "promo_code_product_id_foreign" foreign key ("product_id") references "product" ("id") on delete no action;`);
    this.addSql(`alter table "promo_code" add constraint "promo_code_category_id_foreign" foreign key ("category_id") references "category" ("id") on delete no action;`);
    this.addSql(`alter table "promo_code" add constraint "promo_code_percent" check (kind <> 'percent' or value <= 100);`);
    this.addSql(`alter table "promo_code" add constraint "promo_code_limited" check ((use_limit is null) = (remaining is null));`);
    this.addSql(`alter table "promo_code" add constraint "promo_code_window" check (starts_at < ends_at);`);
    this.addSql(`alter table "promo_code" add constraint "promo_code_value_check" check (value > 0);`);
    this.addSql(`alter table "promo_code" add constraint "promo_code_use_limit_check" check (use_limit > 0);`);
    this.addSql(`alter table "promo_code" add constraint "promo_code_remaining_check" check (remaining >= 0 and remaining <= use_limit);`);
    this.addSql(`alter table "promo_code" add constraint "promo_code_customer_limit_check" check (customer_limit > 0);`);
    this.addSql(`alter table "promo_code" add constraint "promo_code_minimum_total_check" check (minimum_total >= 0);`);
    this.addSql(`alter table "promo_code" add constraint "promo_code_kind_check" check ("kind" in ('percent', 'fixed'));`);
    this.addSql(`alter table "promo_code_customer" add constraint "promo_code_customer_promo_code_id_foreign" foreign key ("promo_code_id") references "promo_code" ("id") on update no action on delete no action;`);
    this.addSql(`alter table "promo_code_customer" add constraint "promo_code_customer_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on update no action on delete no action;`);
    this.addSql(`alter table "promo_use" add constraint "promo_use_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "promo_use" add constraint "promo_use_promo_code_id_foreign" foreign key ("promo_code_id") references "promo_code" ("id");`);
    this.addSql(`alter table "promo_use" add constraint "promo_use_order_id_foreign" foreign key ("order_id") references "order" ("id");`);
    this.addSql(`alter table "promo_use" add constraint "promo_use_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);
    this.addSql(`alter table "promo_use" add constraint "promo_use_saved_check" check (saved >= 0);`);
    this.addSql(`alter table "promo_use" add constraint "promo_use_saved_stars_check" check (saved_stars >= 0);`);
    this.addSql(`alter table "promo_use" add constraint "promo_use_status_check" check ("status" in ('reserved', 'used', 'released', 'revoked'));`);
    this.addSql(`alter table "applied_code" add constraint "applied_code_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on update no action on delete no action;`);
    this.addSql(`alter table "applied_code" add constraint "applied_code_promo_code_id_foreign" foreign key ("promo_code_id") references "promo_code" ("id") on delete no action;`);

    // What a code takes off, and for whom, is never changed: only how often it may be used, and that it is stopped.
    this.addSql(`grant select, insert on "promo_code", "promo_code_customer" to tillflow_app;`);
    this.addSql(`grant update (remaining, stopped_at) on "promo_code" to tillflow_app;`);
    this.addSql(`
      create function promo_use_status_change() returns trigger language plpgsql as $$
      begin
        if old.status <> new.status and not (
             (old.status = 'reserved' and new.status in ('used', 'released'))
          or (old.status = 'used' and new.status in ('released', 'revoked'))) then
          raise exception 'use % of a promo code may not go from % to %', new.id, old.status, new.status using errcode = 'check_violation';
        end if;
        return new;
      end $$;`);
    this.addSql(`create trigger promo_use_status_change before update on "promo_use" for each row execute function promo_use_status_change();`);
    this.addSql(`grant select, insert on "promo_use" to tillflow_app;`);
    this.addSql(`grant update (status) on "promo_use" to tillflow_app;`);
    this.addSql(`grant select, insert, update on "applied_code" to tillflow_app;`);
    this.addSql(`grant select, insert, delete on "code_try" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "promo_code_id_seq", "promo_use_id_seq", "code_try_id_seq" to tillflow_app;`);
    this.addSql(`
      create function order_code_fixed() returns trigger language plpgsql as $$
      begin
        if (old.promo_code_id, old.promo_code) is distinct from (new.promo_code_id, new.promo_code) then
          raise exception 'the promo code of order % is fixed', new.code using errcode = 'check_violation';
        end if;
        return new;
      end $$;`);
    this.addSql(`create trigger order_code_fixed before update of promo_code_id, promo_code on "order" for each row execute function order_code_fixed();`);
  }

  override down(): void {
    throw new Error('Promo codes are not taken down: restore a backup instead.');
  }
}
