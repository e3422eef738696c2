import { Migration } from '@mikro-orm/migrations';

/** What customers looked for last. */
export class Migration20261127010000_last_search extends Migration {
  override up(): void {
    // Unlogged: asked for again, nothing is lost with it.
    this.addSql(`create unlogged table "last_search" ("customer_id" bigint not null, "text" text not null, primary key ("customer_id"));`);
    this.addSql(`alter table "last_search" add constraint "last_search_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on update cascade on delete cascade;`);
    this.addSql(`grant select, insert, update, delete on "last_search" to tillflow_app;`);
  }

  override down(): void {
    throw new Error('What was looked for is not taken down: restore a backup instead.');
  }
}
