import { Migration } from '@mikro-orm/migrations';

/** Baskets that buy themselves once the money they lack is in the wallet. */
export class Migration20261126175500_auto_buy extends Migration {
  override up(): void {
    this.addSql(`create table "auto_buy" ("id" bigserial primary key, "code" text not null, "shop_id" bigint not null, "customer_id" bigint not null, "lines" jsonb not null, "lines_key" text not null, "from_basket" boolean not null, "shown_total" bigint not null, "total" bigint null, "language" text not null, "status" text not null, "reason" text null, "asked_at" timestamptz not null, "looked_at" timestamptz not null, "closed_at" timestamptz null, "told_at" timestamptz null);`);
    this.addSql(`alter table "auto_buy" add constraint "auto_buy_code_unique" unique ("code");`);
    this.addSql(`create unique index "auto_buy_waiting" on "auto_buy" ("customer_id") where status = 'waiting';`);
    this.addSql(`alter table "auto_buy" add constraint "auto_buy_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "auto_buy" add constraint "auto_buy_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);
    this.addSql(`alter table "auto_buy" add constraint "auto_buy_shown_total_check" check (shown_total > 0);`);
    this.addSql(`alter table "auto_buy" add constraint "auto_buy_total_check" check (total <= shown_total);`);
    this.addSql(`alter table "auto_buy" add constraint "auto_buy_status_check" check ("status" in ('waiting', 'buying', 'bought', 'asked', 'ended'));`);

    this.addSql(`
      create function auto_buy_status_change() returns trigger language plpgsql as $$
      begin
        if old.status <> new.status and not (
             (old.status = 'waiting' and new.status in ('buying', 'asked', 'ended'))
          or (old.status = 'buying' and new.status in ('bought', 'asked'))) then
          raise exception 'wish % may not go from % to %', new.code, old.status, new.status using errcode = 'check_violation';
        end if;
        if (old.code, old.shop_id, old.customer_id, old.lines_key, old.shown_total)
           is distinct from (new.code, new.shop_id, new.customer_id, new.lines_key, new.shown_total) then
          raise exception 'wish % is frozen', new.code using errcode = 'check_violation';
        end if;
        return new;
      end $$;`);
    this.addSql(`create trigger auto_buy_status_change before update on "auto_buy" for each row execute function auto_buy_status_change();`);
    this.addSql(`grant select, insert, update on "auto_buy" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "auto_buy_id_seq" to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Baskets that buy themselves are not taken down: restore a backup instead.');
  }
}
