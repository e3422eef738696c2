import { Migration } from '@mikro-orm/migrations';

/** Transfers that staff confirm: what customers send to show them, and what staff say of them. */
export class Migration20261126184500_manual extends Migration {
  override up(): void {
    this.addSql(`create table "approval" ("id" bigserial primary key, "shop_id" bigint not null, "deposit_id" bigint not null, "number" int not null, "verdict" text not null, "status" text not null, "amount" bigint null, "reference" text null, "sender" bytea null, "reason" text null, "by" text not null, "at" timestamptz not null, "second_by" text null, "second_at" timestamptz null, "total" bigint null, "second_above" bigint null);`);
    this.addSql(`create index "approval_deposit_id_id_index" on "approval" ("deposit_id", "id");`);
    this.addSql(`create unique index "approval_reference_once" on "approval" ("shop_id", "reference") where status in ('awaitingSecond', 'given');`);
    this.addSql(`create unique index "approval_number_once" on "approval" ("deposit_id", "number") where status in ('awaitingSecond', 'given');`);
    this.addSql(`create table "transfer_receipt" ("id" bigserial primary key, "shop_id" bigint not null, "deposit_id" bigint not null, "customer_id" bigint not null, "media_type" text not null, "content" bytea not null, "file_hash" text not null, "pixel_hash" text null, "twin_deposit_id" bigint null, "likeness" text null, "received_at" timestamptz not null, "staff_told_at" timestamptz null);`);
    this.addSql(`create index "transfer_receipt_shop_id_file_hash_index" on "transfer_receipt" ("shop_id", "file_hash");`);
    this.addSql(`create index "transfer_receipt_shop_id_pixel_hash_index" on "transfer_receipt" ("shop_id", "pixel_hash");`);
    this.addSql(`alter table "transfer_receipt" add constraint "transfer_receipt_deposit_id_file_hash_unique" unique ("deposit_id", "file_hash");`);
    this.addSql(`alter table "provider_account" add "methods" jsonb null;`);
    this.addSql(`alter table "deposit" add "staff_chat_id" bigint null, add "staff_message_id" bigint null, add "staff_version" int not null default 0, add "reminders" int not null default 0, add "reminders_sent" int not null default 0, add "end_told_at" timestamptz null;`);
    this.addSql(`alter table "inbox" drop constraint "inbox_source_check";`);
    this.addSql(`alter table "inbox" add constraint "inbox_source_check" check ("source" in ('webhook', 'update', 'asked', 'staff'));`);
    this.addSql(`alter table "approval" add constraint "approval_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "approval" add constraint "approval_deposit_id_foreign" foreign key ("deposit_id") references "deposit" ("id");`);
    this.addSql(`alter table "approval" add constraint "approval_says_what" check ((verdict = 'approve' and amount > 0 and reference <> '' and sender is not null) or (verdict = 'reject' and reason <> ''));`);
    this.addSql(`alter table "approval" add constraint "approval_by_two" check (status <> 'given' or verdict = 'reject' or coalesce(total <= second_above, false) or coalesce(second_by <> "by", false));`);
    this.addSql(`alter table "approval" add constraint "approval_verdict_check" check ("verdict" in ('approve', 'reject'));`);
    this.addSql(`alter table "approval" add constraint "approval_status_check" check ("status" in ('drafted', 'awaitingSecond', 'given', 'withdrawn'));`);
    this.addSql(`alter table "transfer_receipt" add constraint "transfer_receipt_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "transfer_receipt" add constraint "transfer_receipt_deposit_id_foreign" foreign key ("deposit_id") references "deposit" ("id");`);
    this.addSql(`alter table "transfer_receipt" add constraint "transfer_receipt_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);
    this.addSql(`alter table "transfer_receipt" add constraint "transfer_receipt_twin_deposit_id_foreign" foreign key ("twin_deposit_id") references "deposit" ("id") on delete no action;`);
    this.addSql(`alter table "transfer_receipt" add constraint "transfer_receipt_twin" check ((twin_deposit_id is null) = (likeness is null));`);
    this.addSql(`alter table "transfer_receipt" add constraint "transfer_receipt_media_type_check" check ("media_type" in ('image/jpeg', 'application/pdf'));`);
    this.addSql(`alter table "transfer_receipt" add constraint "transfer_receipt_likeness_check" check ("likeness" in ('sameFile', 'samePicture'));`);

    // Staff may say that money which was promised, or shown by a receipt, never came.
    this.addSql(`
      create or replace function deposit_status_change() returns trigger language plpgsql as $$
      begin
        if old.status <> new.status and not (
             (old.status = 'opened' and new.status in ('waiting', 'seen', 'confirming', 'credited', 'partial', 'expired', 'rejected', 'reversed'))
          or (old.status = 'waiting' and new.status in ('seen', 'confirming', 'credited', 'partial', 'expired', 'rejected', 'reversed'))
          or (old.status = 'seen' and new.status in ('waiting', 'confirming', 'credited', 'partial', 'expired', 'rejected', 'reversed'))
          or (old.status = 'confirming' and new.status in ('waiting', 'seen', 'credited', 'partial', 'expired', 'rejected', 'reversed'))
          or (old.status = 'credited' and new.status = 'reversed')
          or (old.status = 'partial' and new.status in ('credited', 'reversed'))
          or (old.status = 'reversed' and new.status in ('credited', 'partial'))
          or (old.status in ('expired', 'rejected') and new.status in ('credited', 'partial', 'reversed'))) then
          raise exception 'deposit % may not go from % to %', new.code, old.status, new.status using errcode = 'check_violation';
        end if;
        if (old.amount, old.currency, old.customer_id, old.shop_id, old.code) is distinct from (new.amount, new.currency, new.customer_id, new.shop_id, new.code) then
          raise exception 'deposit % is frozen', new.code using errcode = 'check_violation';
        end if;
        return new;
      end $$;`);

    // A verdict that counts is never changed, nor is what a second person is asked to agree to.
    this.addSql(`
      create function approval_frozen() returns trigger language plpgsql as $$
      begin
        if old.status in ('given', 'withdrawn')
           or (old.status = 'awaitingSecond' and (new.status = 'drafted'
             or (old.shop_id, old.deposit_id, old.number, old.verdict, old.amount, old.reference, old."by", old.total, old.second_above)
                is distinct from
                (new.shop_id, new.deposit_id, new.number, new.verdict, new.amount, new.reference, new."by", new.total, new.second_above))) then
          -- Keys are rotated whatever the verdict.
          if to_jsonb(new) - 'sender' is distinct from to_jsonb(old) - 'sender' then
            raise exception 'approval % is frozen', new.id using errcode = 'check_violation';
          end if;
        end if;
        return new;
      end $$;`);
    this.addSql(`create trigger approval_frozen before update on "approval" for each row execute function approval_frozen();`);
    this.addSql(`grant select, insert, update, delete on "approval", "transfer_receipt" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "approval_id_seq", "transfer_receipt_id_seq" to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Approvals are not taken down: restore a backup instead.');
  }
}
