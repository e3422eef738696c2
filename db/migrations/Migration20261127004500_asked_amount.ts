import { Migration } from '@mikro-orm/migrations';

/** For what a customer was asked to name an amount a moment ago. Unlogged: a crash of the database may forget it. */
export class Migration20261127004500_asked_amount extends Migration {
  override up(): void {
    this.addSql(
      `create unlogged table "asked_amount" ("customer_id" bigint not null primary key, "product_id" bigint not null, "asked_at" timestamptz not null);`,
    );
    this.addSql(
      `alter table "asked_amount" add constraint "asked_amount_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on update no action on delete no action;`,
    );
    this.addSql(`alter table "asked_amount" add constraint "asked_amount_product_id_foreign" foreign key ("product_id") references "product" ("id");`);
    this.addSql(`grant select, insert, update, delete on "asked_amount" to tillflow_app;`);
  }

  override down(): void {
    this.addSql(`drop table "asked_amount";`);
  }
}
