import { Migration } from '@mikro-orm/migrations';

/** Who brought whom, and what customers are told in messages of their own. */
export class Migration20261126173000_referral extends Migration {
  override up(): void {
    this.addSql(`create table "referrer" ("customer_id" bigint not null, "shop_id" bigint not null, "code" text not null, primary key ("customer_id"));`);
    this.addSql(`alter table "referrer" add constraint "referrer_code_unique" unique ("code");`);

    this.addSql(`create table "referral" ("customer_id" bigint not null, "shop_id" bigint not null, "referrer_id" bigint not null, "attached_at" timestamptz not null default now(), primary key ("customer_id"));`);
    this.addSql(`create index "referral_referrer_id_customer_id_index" on "referral" ("referrer_id", "customer_id");`);

    this.addSql(`create table "notice" ("id" bigserial primary key, "shop_id" bigint not null, "customer_id" bigint not null, "key" text not null, "content" jsonb not null, "created_at" timestamptz not null default now(), "told_at" timestamptz null);`);
    this.addSql(`create index "notice_untold" on "notice" ("customer_id", "id") where told_at is null;`);
    this.addSql(`alter table "notice" add constraint "notice_shop_id_key_unique" unique ("shop_id", "key");`);

    this.addSql(`alter table "referrer" add constraint "referrer_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on update no action on delete no action;`);
    this.addSql(`alter table "referrer" add constraint "referrer_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "referrer" add constraint "referrer_code_check" check (code ~ '^[0-9A-HJKMNP-TV-Z]{12}$');`);

    this.addSql(`alter table "referral" add constraint "referral_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on update no action on delete no action;`);
    this.addSql(`alter table "referral" add constraint "referral_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "referral" add constraint "referral_referrer_id_foreign" foreign key ("referrer_id") references "customer" ("id");`);
    this.addSql(`alter table "referral" add constraint "referral_referrer_was_first" check (referrer_id < customer_id);`);

    this.addSql(`alter table "notice" add constraint "notice_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "notice" add constraint "notice_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);

    // Who brought a customer is decided once: the application may write it, and never change it.
    this.addSql(`
      create function referral_within_shop() returns trigger language plpgsql as $$
      begin
        if (select count(*) from customer where id in (new.customer_id, new.referrer_id) and shop_id = new.shop_id) < 2 then
          raise exception 'referral of customer % crosses shops', new.customer_id using errcode = 'check_violation';
        end if;
        return new;
      end $$;`);
    this.addSql(`create trigger referral_within_shop before insert or update on "referral" for each row execute function referral_within_shop();`);
    this.addSql(`grant select, insert on "referrer", "referral" to tillflow_app;`);
    // A row is locked by whoever may update something of it.
    this.addSql(`grant update (shop_id) on "referrer" to tillflow_app;`);
    this.addSql(`grant select, insert, update, delete on "notice" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "notice_id_seq" to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Who brought whom is not taken down: restore a backup instead.');
  }
}
