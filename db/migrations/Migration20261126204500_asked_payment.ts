import { Migration } from '@mikro-orm/migrations';

/** Which payments a provider was asked about last, and what one that keeps no statement answered. */
export class Migration20261126204500_asked_payment extends Migration {
  override up(): void {
    this.addSql(`create table "provider_answer" ("shop_id" bigint not null, "provider" text not null, "object_id" text not null, "payment_id" text not null, "units" numeric not null, "outcome_coin" text null, "outcome_units" numeric null, "fee" bigint null, "at" timestamptz not null, primary key ("shop_id", "provider", "object_id"));`);
    this.addSql(`create index "provider_answer_payment_id_index" on "provider_answer" ("payment_id");`);
    this.addSql(`create table "asked_payment" ("payment_id" text not null, "asked_at" timestamptz not null, "refusal" text null, primary key ("payment_id"));`);
    this.addSql(`create index "payment_asked" on "payment" ("shop_id", "provider", "opened_at") where provider <> 'wallet';`);
    this.addSql(`alter table "provider_answer" add constraint "provider_answer_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "provider_answer" add constraint "provider_answer_payment_id_foreign" foreign key ("payment_id") references "payment" ("id");`);
    this.addSql(`alter table "provider_answer" add constraint "provider_answer_units_check" check (units >= 0);`);
    this.addSql(`alter table "asked_payment" add constraint "asked_payment_payment_id_foreign" foreign key ("payment_id") references "payment" ("id") on update no action on delete no action;`);
    this.addSql(`grant select, insert, update on "provider_answer", "asked_payment" to tillflow_app;`);
  }

  override down(): void {
    this.addSql(`drop index "payment_asked";`);
    this.addSql(`drop table "asked_payment";`);
    this.addSql(`drop table "provider_answer";`);
  }
}
