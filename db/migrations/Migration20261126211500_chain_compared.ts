import { Migration } from '@mikro-orm/migrations';

/** Outputs of chains beside the ledger, and watches that stand still. */
export class Migration20261126211500_chain_compared extends Migration {
  override up(): void {
    this.addSql(`alter table "chain_watch" add "tip_height" int null, add "stale_at" timestamptz null;`);
    this.addSql(`alter table "chain_address" add "asked_at" timestamptz null;`);
    this.addSql(`alter table "provider_answer" add "value" bigint null;`);
    this.addSql(`alter table "provider_answer" alter column "payment_id" drop not null;`);
    this.addSql(`alter table "provider_answer" add constraint "provider_answer_worth" check ((payment_id is null) = (value is not null));`);
    this.addSql(`grant update (asked_at) on "chain_address" to tillflow_app;`);
  }

  override down(): void {
    this.addSql(`alter table "provider_answer" drop constraint "provider_answer_worth";`);
    this.addSql(`delete from "provider_answer" where payment_id is null;`);
    this.addSql(`alter table "provider_answer" alter column "payment_id" set not null;`);
    this.addSql(`alter table "provider_answer" drop column "value";`);
    this.addSql(`alter table "chain_address" drop column "asked_at";`);
    this.addSql(`alter table "chain_watch" drop column "tip_height", drop column "stale_at";`);
  }
}
