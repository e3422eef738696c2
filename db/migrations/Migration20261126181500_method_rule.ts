import { Migration } from '@mikro-orm/migrations';

/** What a shop allows of its methods, and openings of them that fail. */
export class Migration20261126181500_method_rule extends Migration {
  override up(): void {
    this.addSql(`create table "method_rule" ("shop_id" bigint not null, "method" text not null, "minimum" bigint null, "maximum" bigint null, "account_days" int not null default 0, "delivered_orders" int not null default 0, "staff_only" boolean not null default false, "hidden" boolean not null default false, primary key ("shop_id", "method"));`);
    this.addSql(`create table "method_health" ("shop_id" bigint not null, "method" text not null, "failed" int not null, "first_failed_at" timestamptz not null, "hidden_until" timestamptz null, primary key ("shop_id", "method"));`);
    this.addSql(`alter table "method_rule" add constraint "method_rule_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "method_rule" add constraint "method_rule_minimum_check" check (minimum > 0);`);
    this.addSql(`alter table "method_rule" add constraint "method_rule_maximum_check" check (maximum >= minimum);`);
    this.addSql(`alter table "method_health" add constraint "method_health_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "method_health" add constraint "method_health_failed_check" check (failed > 0);`);

    this.addSql(`grant select, insert, update, delete on "method_rule", "method_health" to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Rules of methods are not taken down: restore a backup instead.');
  }
}
