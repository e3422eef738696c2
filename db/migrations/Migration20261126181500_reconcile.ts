import { Migration } from '@mikro-orm/migrations';

/** What providers' own statements say, and how the ledger compares. */
export class Migration20261126181500_reconcile extends Migration {
  override up(): void {
    this.addSql(`create table "reconciliation" ("id" bigserial primary key, "shop_id" bigint not null, "provider" text not null, "cursor" text not null, "read_at" timestamptz not null, "read" int not null, "found" int not null, "fees" bigint not null, "currency" text not null, "compared_at" timestamptz null, "statement" bigint null, "ledger" bigint null, "differences" jsonb null);`);
    this.addSql(`create index "reconciliation_shop_id_provider_id_index" on "reconciliation" ("shop_id", "provider", "id");`);
    this.addSql(`create table "provider_move" ("id" bigserial primary key, "shop_id" bigint not null, "provider" text not null, "transaction_id" text not null, "kind" text not null, "object_id" text not null, "ours" boolean not null, "amount" bigint not null, "fee" bigint not null, "currency" text not null, "at" timestamptz not null);`);
    this.addSql(`alter table "provider_move" add constraint "provider_move_once" unique ("shop_id", "provider", "transaction_id", "kind");`);
    this.addSql(`alter table "reconciliation" add constraint "reconciliation_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "provider_move" add constraint "provider_move_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "provider_move" add constraint "provider_move_kind_check" check ("kind" in ('payment', 'refund', 'refundFailed', 'withdrawn', 'reinstated', 'other'));`);
    this.addSql(`grant select, insert, update on "provider_move", "reconciliation" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "provider_move_id_seq", "reconciliation_id_seq" to tillflow_app;`);
  }

  override down(): void {
    this.addSql(`drop table "provider_move";`);
    this.addSql(`drop table "reconciliation";`);
  }
}
