import { Migration } from '@mikro-orm/migrations';

/** Codes on confirm screens drawn a moment ago. Unlogged: nothing waits for the disk for them, and a crash of the database may forget them. */
export class Migration20261126200500_confirm_code extends Migration {
  override up(): void {
    this.addSql(
      `create unlogged table "confirm_code" ("id" bigserial primary key, "customer_id" bigint not null, "wish" text not null, "code" text not null, "shown_at" timestamptz not null);`,
    );
    this.addSql(`alter table "confirm_code" add constraint "confirm_code_customer_id_wish_unique" unique ("customer_id", "wish");`);
    this.addSql(
      `alter table "confirm_code" add constraint "confirm_code_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`,
    );
    this.addSql(`grant select, insert, update, delete on "confirm_code" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "confirm_code_id_seq" to tillflow_app;`);
  }

  override down(): void {
    this.addSql(`drop table "confirm_code";`);
  }
}
