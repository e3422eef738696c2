import { Migration } from '@mikro-orm/migrations';

/** What whoever brought a customer earns by that customer's deposits. */
export class Migration20261126180000_commission extends Migration {
  override up(): void {
    this.addSql(`create table "commission" ("id" bigserial primary key, "shop_id" bigint not null, "deposit_id" bigint not null, "referrer_id" bigint not null, "rate" int not null, "credited" bigint not null default '0', "reversed" bigint not null default '0', "eligible" bigint not null default '0', "excluded" bigint not null default '0', "due_at" timestamptz null, "paid" bigint not null default '0', "postings" int not null default 0, "opened_at" timestamptz not null);`);
    this.addSql(`alter table "commission" add constraint "commission_deposit_id_unique" unique ("deposit_id");`);
    this.addSql(`create index "commission_referrer_id_id_index" on "commission" ("referrer_id", "id");`);
    this.addSql(`alter table "referrer" add "earnings" bigint not null default '0';`);
    this.addSql(`create index "referrer_shop_id_earnings_index" on "referrer" ("shop_id", "earnings");`);
    this.addSql(`alter table "referrer" add constraint "referrer_earnings_check" check (earnings >= 0);`);
    this.addSql(`alter table "commission" add constraint "commission_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "commission" add constraint "commission_deposit_id_foreign" foreign key ("deposit_id") references "deposit" ("id") on update no action on delete no action;`);
    this.addSql(`alter table "commission" add constraint "commission_referrer_id_foreign" foreign key ("referrer_id") references "customer" ("id");`);
    this.addSql(`alter table "commission" add constraint "commission_parts" check (eligible >= 0 and excluded >= 0 and eligible + excluded <= credited and reversed >= 0 and paid <= credited);`);
    this.addSql(`alter table "commission" add constraint "commission_rate_check" check (rate >= 0 and rate <= 2000);`);
    this.addSql(`alter table "commission" add constraint "commission_paid_check" check (paid >= 0);`);

    this.addSql(`
      create function commission_frozen() returns trigger language plpgsql as $$
      begin
        if (old.shop_id, old.deposit_id, old.referrer_id, old.rate) is distinct from (new.shop_id, new.deposit_id, new.referrer_id, new.rate) then
          raise exception 'commission % is frozen', new.id using errcode = 'check_violation';
        end if;
        if new.credited < old.credited or new.eligible < old.eligible or new.excluded < old.excluded or new.postings < old.postings then
          raise exception 'commission % may not forget what was decided', new.id using errcode = 'check_violation';
        end if;
        return new;
      end $$;`);
    this.addSql(`create trigger commission_frozen before update on "commission" for each row execute function commission_frozen();`);
    this.addSql(`grant select, insert, update on "commission" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "commission_id_seq" to tillflow_app;`);
    this.addSql(`revoke update (shop_id) on "referrer" from tillflow_app;`);
    this.addSql(`grant update (earnings) on "referrer" to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Commissions are not taken down: restore a backup instead.');
  }
}
