import { Migration } from '@mikro-orm/migrations';

/** Taps that came too late, told so without a workflow. */
export class Migration20261127050000_turned_away extends Migration {
  override up(): void {
    this.addSql(`create table "turned_away" ("order_code" text not null, "customer_id" bigint not null, "at" timestamptz not null, primary key ("order_code"));`);
    this.addSql(`alter table "turned_away" add constraint "turned_away_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);
    this.addSql(`create index "turned_away_customer_id_index" on "turned_away" ("customer_id");`);
    this.addSql(`grant select, insert, delete on "turned_away" to tillflow_app;`);
  }

  override down(): void {
    this.addSql(`drop table "turned_away";`);
  }
}
