import { Migration } from '@mikro-orm/migrations';

/** Payouts: refunds that staff send by hand. */
export class Migration20261126205500_payouts extends Migration {
  override up(): void {
    this.addSql(`create table "payout" ("id" bigserial primary key, "code" text not null, "shop_id" bigint not null, "customer_id" bigint not null, "refund_id" text null, "deposit_id" bigint null, "payment_id" text not null, "provider" text not null, "method" text not null, "amount" bigint not null, "currency" text not null, "status" text not null, "requested_by" text not null, "reason" text not null, "requested_at" timestamptz not null, "destination_kind" text not null, "coin" text null, "destination" bytea null, "asked_at" timestamptz null, "confirmed_at" timestamptz null, "approved_by" text null, "approved_at" timestamptz null, "total" bigint null, "second_above" bigint null, "second_by" text null, "second_at" timestamptz null, "transaction" text null, "drafted_by" text null, "sent_by" text null, "sent_at" timestamptz null, "word" text null, "word_by" text null, "word_at" timestamptz null, "failure" text null, "closed_at" timestamptz null, "version" int not null default 1, "staff_chat_id" bigint null, "staff_message_id" bigint null, "staff_version" int not null default 0, "reminders" int not null default 0, "staff_since" timestamptz not null, "staff_reminders" int not null default 0, "staff_reminders_sent" int not null default 0);`);
    this.addSql(`alter table "payout" add constraint "payout_code_unique" unique ("code");`);
    this.addSql(`alter table "payout" add constraint "payout_refund_id_unique" unique ("refund_id");`);
    this.addSql(`create index "payout_customer_id_index" on "payout" ("customer_id");`);
    this.addSql(`create index "payout_deposit_id_index" on "payout" ("deposit_id");`);
    this.addSql(`create index "payout_payment_id_index" on "payout" ("payment_id");`);
    this.addSql(`create index "payout_open" on "payout" ("requested_at") where status in ('requested', 'sent');`);
    this.addSql(`create unique index "payout_transaction_once" on "payout" ("shop_id", "transaction") where sent_at is not null;`);

    this.addSql(`alter table "payout" add constraint "payout_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "payout" add constraint "payout_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);
    this.addSql(`alter table "payout" add constraint "payout_refund_id_foreign" foreign key ("refund_id") references "refund" ("id") on delete no action;`);
    this.addSql(`alter table "payout" add constraint "payout_deposit_id_foreign" foreign key ("deposit_id") references "deposit" ("id") on delete no action;`);
    this.addSql(`alter table "payout" add constraint "payout_payment_id_foreign" foreign key ("payment_id") references "payment" ("id");`);
    this.addSql(`alter table "payout" add constraint "payout_of_one" check ((refund_id is null) <> (deposit_id is null));`);
    this.addSql(`alter table "payout" add constraint "payout_rail" check ((destination_kind = 'address') = (coin is not null));`);
    this.addSql(`alter table "payout" add constraint "payout_approved_by_another" check (approved_by is null or (confirmed_at is not null and destination is not null and approved_by <> requested_by and total is not null and second_above is not null));`);
    this.addSql(`alter table "payout" add constraint "payout_second_is_another" check (second_by is null or (approved_by is not null and second_by <> approved_by and second_by <> requested_by));`);
    this.addSql(`alter table "payout" add constraint "payout_sent_as_approved" check (sent_at is null or (approved_by is not null and sent_by is not null and transaction is not null and (total <= second_above or second_by is not null)));`);
    this.addSql(`alter table "payout" add constraint "payout_stands" check ((sent_at is not null or status in ('requested', 'failed')) and (status <> 'failed' or failure is not null));`);
    this.addSql(`alter table "payout" add constraint "payout_amount_check" check (amount > 0);`);
    this.addSql(`alter table "payout" add constraint "payout_status_check" check ("status" in ('requested', 'sent', 'succeeded', 'failed'));`);
    this.addSql(`alter table "payout" add constraint "payout_destination_kind_check" check ("destination_kind" in ('address', 'account', 'phone'));`);
    this.addSql(`alter table "payout" add constraint "payout_word_check" check ("word" in ('succeeded', 'failed'));`);

    // Where it goes, who agreed and by which transaction is never changed once it counts; keys are rotated all the same.
    this.addSql(`
      create function payout_frozen() returns trigger language plpgsql as $$
      begin
        if old.status <> new.status and not (
             (old.status = 'requested' and new.status in ('sent', 'failed'))
          or (old.status = 'sent' and new.status in ('succeeded', 'failed'))
          or (old.status = 'succeeded' and new.status = 'failed')) then
          raise exception 'payout % may not go from % to %', new.code, old.status, new.status using errcode = 'check_violation';
        end if;
        if (old.code, old.shop_id, old.customer_id, old.refund_id, old.deposit_id, old.payment_id, old.amount, old.currency, old.requested_by,
            old.requested_at, old.destination_kind, old.coin)
           is distinct from
           (new.code, new.shop_id, new.customer_id, new.refund_id, new.deposit_id, new.payment_id, new.amount, new.currency, new.requested_by,
            new.requested_at, new.destination_kind, new.coin)
           or (old.confirmed_at is not null and (old.confirmed_at is distinct from new.confirmed_at or new.destination is null))
           or (old.approved_by is not null and (old.approved_by, old.total, old.second_above) is distinct from (new.approved_by, new.total, new.second_above))
           or (old.second_by is not null and old.second_by is distinct from new.second_by)
           or (old.sent_at is not null and (old.sent_at, old.sent_by, old.transaction) is distinct from (new.sent_at, new.sent_by, new.transaction)) then
          raise exception 'payout % is frozen', new.code using errcode = 'check_violation';
        end if;
        return new;
      end $$;`);
    this.addSql(`create trigger payout_frozen before update on "payout" for each row execute function payout_frozen();`);

    // Whatever the steps think, no deposit pays out more than came by it.
    this.addSql(`
      create function payout_within_deposit() returns trigger language plpgsql as $$
      declare brought bigint;
      begin
        if new.deposit_id is null then return null; end if;
        select credited - debt_paid into strict brought from deposit where id = new.deposit_id;
        if (select coalesce(sum(amount), 0) from payout where deposit_id = new.deposit_id and status <> 'failed') > brought then
          raise exception 'payouts of deposit % exceed what came by it', new.deposit_id using errcode = 'check_violation';
        end if;
        return null;
      end $$;`);
    this.addSql(`create trigger payout_within_deposit after insert or update on "payout" for each row execute function payout_within_deposit();`);

    this.addSql(`grant select, insert, update on "payout" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "payout_id_seq" to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Payouts are not taken down: restore a backup instead.');
  }
}
