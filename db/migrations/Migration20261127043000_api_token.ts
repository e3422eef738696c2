import { Migration } from '@mikro-orm/migrations';

/** Tokens of a shop's programs: only their hashes, what they may, until when. */
export class Migration20261127043000_api_token extends Migration {
  override up(): void {
    this.addSql(`create table "api_token" ("id" bigserial primary key, "shop_id" bigint not null, "name" text not null, "hash" text not null, "scopes" text[] not null, "created_at" timestamptz not null, "expires_at" timestamptz not null, "revoked_at" timestamptz null);`);
    this.addSql(`alter table "api_token" add constraint "api_token_hash_unique" unique ("hash");`);
    this.addSql(`create index "api_token_shop_id_id_index" on "api_token" ("shop_id", "id");`);
    this.addSql(`alter table "api_token" add constraint "api_token_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "api_token" add constraint "api_token_name_check" check (name <> '' and length(name) <= 100);`);
    this.addSql(`alter table "api_token" add constraint "api_token_scopes_check" check (cardinality(scopes) > 0);`);

    this.addSql(`grant select, insert on "api_token" to tillflow_app;`);
    this.addSql(`grant update (revoked_at) on "api_token" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "api_token_id_seq" to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Tokens are not taken down: restore a backup instead.');
  }
}
