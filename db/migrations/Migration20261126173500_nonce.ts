import { Migration } from '@mikro-orm/migrations';

/** Numbers for one call each: no call of the Mini App that moves money counts twice. */
export class Migration20261126173500_nonce extends Migration {
  override up(): void {
    this.addSql(
      `create table "nonce" ("id" bigserial primary key, "hash" text not null, "shop_id" bigint not null, "customer_id" bigint not null, "issued_at" timestamptz not null, "expires_at" timestamptz not null, "used_at" timestamptz null, "key" text null, "asked_hash" text null, "noun" text null, "code" text null);`,
    );
    this.addSql(`alter table "nonce" add constraint "nonce_hash_unique" unique ("hash");`);
    this.addSql(`alter table "nonce" add constraint "nonce_customer_id_key_unique" unique ("customer_id", "key");`);
    this.addSql(`alter table "nonce" add constraint "nonce_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "nonce" add constraint "nonce_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);
    this.addSql(
      `alter table "nonce" add constraint "nonce_used" check (num_nulls(used_at, "key", asked_hash, noun, code) in (0, 5));`,
    );
    this.addSql(`alter table "nonce" add constraint "nonce_noun_check" check ("noun" in ('order', 'deposit'));`);
    this.addSql(`grant select, insert, update, delete on "nonce" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "nonce_id_seq" to tillflow_app;`);
  }

  override down(): void {
    this.addSql(`drop table "nonce";`);
  }
}
