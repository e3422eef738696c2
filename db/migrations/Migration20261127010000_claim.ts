import { Migration } from '@mikro-orm/migrations';

/** What customers say is faulty within its warranty, and what staff make of it. */
export class Migration20261127010000_claim extends Migration {
  override up(): void {
    this.addSql(`create table "claim" ("id" bigserial primary key, "code" text not null, "shop_id" bigint not null, "customer_id" bigint not null, "order_id" bigint not null, "order_line_id" bigint not null, "unit_id" bigint null, "piece" int null, "status" text not null, "asked_at" timestamptz not null, "description" bytea null, "opened_at" timestamptz null, "withdrawn_at" timestamptz null, "verdict" text null, "verdict_by" text null, "verdict_at" timestamptz null, "reason" text null, "failure" text null, "replacement_id" bigint null, "refund_id" text null, "closed_at" timestamptz null, "version" int not null default 1, "staff_chat_id" bigint null, "staff_message_id" bigint null, "staff_version" int not null default 0, "staff_reminders" int not null default 0, "staff_reminders_sent" int not null default 0);`);
    this.addSql(`alter table "claim" add constraint "claim_code_unique" unique ("code");`);
    this.addSql(`create index "claim_order_id_index" on "claim" ("order_id");`);
    this.addSql(`create index "claim_open" on "claim" ("shop_id", "opened_at") where status = 'open';`);
    this.addSql(`create unique index "claim_unit_once" on "claim" ("unit_id") where status in ('asked', 'open');`);
    this.addSql(`create unique index "claim_line_once" on "claim" ("order_line_id") where status in ('asked', 'open') and unit_id is null;`);
    this.addSql(`create unique index "claim_asked_once" on "claim" ("customer_id") where status = 'asked';`);
    this.addSql(`alter table "claim" add constraint "claim_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "claim" add constraint "claim_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);
    this.addSql(`alter table "claim" add constraint "claim_order_id_foreign" foreign key ("order_id") references "order" ("id");`);
    this.addSql(`alter table "claim" add constraint "claim_order_line_id_foreign" foreign key ("order_line_id") references "order_line" ("id");`);
    this.addSql(`alter table "claim" add constraint "claim_unit_id_foreign" foreign key ("unit_id") references "unit" ("id") on delete no action;`);
    this.addSql(`alter table "claim" add constraint "claim_replacement_id_foreign" foreign key ("replacement_id") references "unit" ("id") on delete no action;`);
    this.addSql(`alter table "claim" add constraint "claim_refund_id_foreign" foreign key ("refund_id") references "refund" ("id") on delete no action;`);
    this.addSql(`alter table "claim" add constraint "claim_described" check (status in ('asked', 'withdrawn') or (description is not null and opened_at is not null));`);
    this.addSql(`alter table "claim" add constraint "claim_judged" check (status not in ('replaced', 'refunded', 'refused') or (verdict is not null and verdict_by is not null));`);
    this.addSql(`alter table "claim" add constraint "claim_refused_for" check ((verdict = 'refuse') = (reason is not null));`);
    this.addSql(`alter table "claim" add constraint "claim_status_check" check ("status" in ('asked', 'open', 'replaced', 'refunded', 'refused', 'withdrawn'));`);
    this.addSql(`alter table "claim" add constraint "claim_verdict_check" check ("verdict" in ('replace', 'refund', 'refuse'));`);

    this.addSql(`
      create function claim_change() returns trigger language plpgsql as $$
      begin
        if old.status <> new.status and not (
             (old.status = 'asked' and new.status in ('open', 'withdrawn'))
          or (old.status = 'open' and new.status in ('replaced', 'refunded', 'refused', 'withdrawn'))) then
          raise exception 'claim % may not go from % to %', new.code, old.status, new.status using errcode = 'check_violation';
        end if;
        if (old.code, old.shop_id, old.customer_id, old.order_id, old.order_line_id, old.unit_id)
           is distinct from (new.code, new.shop_id, new.customer_id, new.order_id, new.order_line_id, new.unit_id) then
          raise exception 'claim % is frozen', new.code using errcode = 'check_violation';
        end if;
        return new;
      end $$;`);
    this.addSql(`create trigger claim_change before update on "claim" for each row execute function claim_change();`);
    this.addSql(`grant select, insert, update on "claim" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "claim_id_seq" to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Claims are not taken down: restore a backup instead.');
  }
}
