import { Migration } from '@mikro-orm/migrations';

/** The history of rates, which is only appended to; and what staff are told besides orders. */
export class Migration20261126171500_rates extends Migration {
  override up(): void {
    this.addSql(`create table "rate" ("id" bigserial primary key, "base" text not null, "quote" text not null, "at" timestamptz not null, "coingecko" numeric(38,18) null, "coinbase" numeric(38,18) null, "rate" numeric(38,18) null, "fault" text null);`);
    this.addSql(`alter table "rate" add constraint "rate_base_quote_at_unique" unique ("base", "quote", "at");`);
    this.addSql(`create table "alert" ("id" bigserial primary key, "shop_id" bigint not null, "key" text not null, "kind" text not null, "params" jsonb not null, "raised_at" timestamptz not null, "told_at" timestamptz null, "message_id" bigint null);`);
    this.addSql(`create index "alert_untold" on "alert" ("shop_id", "id") where told_at is null;`);
    this.addSql(`alter table "alert" add constraint "alert_shop_id_key_unique" unique ("shop_id", "key");`);
    this.addSql(`alter table "rate" add constraint "rate_or_fault" check ((rate is null) <> (fault is null));`);
    this.addSql(`alter table "rate" add constraint "rate_of_both" check ((rate is null) or (coingecko is not null and coinbase is not null));`);
    this.addSql(`alter table "rate" add constraint "rate_in_the_middle" check (rate >= least(coingecko, coinbase) and rate <= greatest(coingecko, coinbase));`);
    this.addSql(`alter table "rate" add constraint "rate_above_zero" check (rate > 0);`);
    this.addSql(`alter table "rate" add constraint "rate_fault_check" check ("fault" in ('missing', 'apart', 'jump'));`);
    this.addSql(`alter table "alert" add constraint "alert_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);

    this.addSql(`grant select, insert on "rate" to tillflow_app;`);
    this.addSql(`grant select, insert, update on "alert" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "rate_id_seq", "alert_id_seq" to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Rates are not taken down: restore a backup instead.');
  }
}
