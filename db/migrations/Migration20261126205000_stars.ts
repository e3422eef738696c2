import { Migration } from '@mikro-orm/migrations';

/** Top-ups in Stars: refunds of deposits, the part of a refund that came in Stars, and what a shop has wallets topped up by. */
export class Migration20261126205000_stars extends Migration {
  override up(): void {
    this.addSql(`alter table "method_rule" add "deposits" boolean null;`);

    this.addSql(`alter table "refund" add "deposit_id" bigint null, add "stars_amount" bigint not null default '0';`);
    this.addSql(`alter table "refund" add constraint "refund_deposit_id_foreign" foreign key ("deposit_id") references "deposit" ("id") on delete no action;`);
    this.addSql(`alter table "refund" alter column "order_id" drop not null;`);
    this.addSql(`create index "refund_deposit_id_index" on "refund" ("deposit_id");`);
    this.addSql(`alter table "refund" add constraint "refund_of_one" check ((order_id is null) <> (deposit_id is null));`);
    this.addSql(`alter table "refund" add constraint "refund_stars_amount_check" check (stars_amount >= 0);`);
  }

  override down(): void {
    this.addSql(`alter table "refund" drop constraint "refund_deposit_id_foreign";`);
    this.addSql(`drop index "refund_deposit_id_index";`);
    this.addSql(`alter table "refund" drop constraint "refund_of_one";`);
    this.addSql(`alter table "refund" drop constraint "refund_stars_amount_check";`);
    this.addSql(`alter table "refund" drop column "deposit_id", drop column "stars_amount";`);
    this.addSql(`alter table "refund" alter column "order_id" set not null;`);
    this.addSql(`alter table "method_rule" drop column "deposits";`);
  }
}
