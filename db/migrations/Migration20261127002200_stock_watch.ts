import { Migration } from '@mikro-orm/migrations';

/** Who waits for sold-out products, and how low stock is as staff were told. */
export class Migration20261127002200_stock_watch extends Migration {
  override up(): void {
    this.addSql(`create table "stock_alarm" ("product_id" bigint not null, "shop_id" bigint not null, "level" text not null default 'enough', "changes" int not null default 0, "changed_at" timestamptz null, primary key ("product_id"));`);
    this.addSql(`create index "stock_alarm_raised" on "stock_alarm" ("product_id") where level <> 'enough';`);
    this.addSql(`create table "stock_watch" ("id" bigserial primary key, "shop_id" bigint not null, "customer_id" bigint not null, "product_id" bigint not null, "times" int not null default 1, "asked_at" timestamptz not null, "told_at" timestamptz null);`);
    this.addSql(`create index "stock_watch_waiting" on "stock_watch" ("product_id", "asked_at", "id") where told_at is null;`);
    this.addSql(`create index "stock_watch_told" on "stock_watch" ("product_id", "told_at") where told_at is not null;`);
    this.addSql(`alter table "stock_watch" add constraint "stock_watch_customer_id_product_id_unique" unique ("customer_id", "product_id");`);
    this.addSql(`alter table "product" add "low_stock_at" int null;`);
    this.addSql(`alter table "product" add constraint "product_low_stock_at_check" check (low_stock_at >= 0);`);
    this.addSql(`alter table "stock_alarm" add constraint "stock_alarm_product_id_foreign" foreign key ("product_id") references "product" ("id") on update cascade on delete cascade;`);
    this.addSql(`alter table "stock_alarm" add constraint "stock_alarm_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "stock_alarm" add constraint "stock_alarm_level_check" check ("level" in ('enough', 'low', 'out'));`);
    this.addSql(`alter table "stock_watch" add constraint "stock_watch_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "stock_watch" add constraint "stock_watch_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);
    this.addSql(`alter table "stock_watch" add constraint "stock_watch_product_id_foreign" foreign key ("product_id") references "product" ("id");`);
    this.addSql(`alter table "stock_watch" add constraint "stock_watch_times_check" check (times >= 1);`);
    this.addSql(`grant select, insert, update, delete on "stock_watch" to tillflow_app;`);
    this.addSql(`grant select, insert, update on "stock_alarm" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "stock_watch_id_seq" to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Who waits for a product is not taken down: restore a backup instead.');
  }
}
