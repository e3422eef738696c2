import { Migration } from '@mikro-orm/migrations';

/** Links by which one customer tops up, once. */
export class Migration20261126183000_refill_link extends Migration {
  override up(): void {
    this.addSql(
      `create table "refill_link" ("id" bigserial primary key, "hash" text not null, "shop_id" bigint not null, "customer_id" bigint not null, "amount" bigint not null, "actor" text not null, "made_at" timestamptz not null, "expires_at" timestamptz not null, "used_at" timestamptz null);`,
    );
    this.addSql(`alter table "refill_link" add constraint "refill_link_hash_unique" unique ("hash");`);
    this.addSql(`create index "refill_link_customer_id_index" on "refill_link" ("customer_id");`);
    this.addSql(`alter table "refill_link" add constraint "refill_link_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "refill_link" add constraint "refill_link_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);
    this.addSql(`alter table "refill_link" add constraint "refill_link_amount_check" check (amount > 0);`);
    this.addSql(`grant select, insert, update on "refill_link" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "refill_link_id_seq" to tillflow_app;`);
  }

  override down(): void {
    this.addSql(`drop table "refill_link";`);
  }
}
