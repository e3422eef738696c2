import { Migration } from '@mikro-orm/migrations';

/** Vouchers in batches and gift links: one claim for both. */
export class Migration20261127004500_voucher extends Migration {
  override up(): void {
    this.addSql(`create table "voucher_batch" ("id" bigserial primary key, "shop_id" bigint not null, "name" text not null, "amount" bigint not null, "count" int not null, "expires_at" timestamptz null, "revoked_at" timestamptz null, "created_at" timestamptz not null);`);
    this.addSql(`create index "voucher_batch_shop_id_index" on "voucher_batch" ("shop_id");`);
    this.addSql(`create table "voucher" ("id" bigserial primary key, "shop_id" bigint not null, "kind" text not null, "status" text not null, "hash" text not null, "amount" bigint not null, "batch_id" bigint null, "ending" text null, "giver_id" bigint null, "code" text null, "secret" bytea null, "from_bonus" bigint not null default '0', "reason" text null, "cancel_asked_at" timestamptz null, "expires_at" timestamptz null, "claimed_by" bigint null, "claimed_at" timestamptz null, "booked_at" timestamptz null, "closed_at" timestamptz null, "created_at" timestamptz not null);`);
    this.addSql(`alter table "voucher" add constraint "voucher_hash_unique" unique ("hash");`);
    this.addSql(`alter table "voucher" add constraint "voucher_code_unique" unique ("code");`);
    this.addSql(`create index "voucher_giver_id_id_index" on "voucher" ("giver_id", "id");`);
    this.addSql(`create index "voucher_batch_id_index" on "voucher" ("batch_id");`);
    this.addSql(`create index "voucher_open" on "voucher" ("status") where (kind = 'link' and status in ('drafted', 'open')) or (status = 'claimed' and booked_at is null);`);
    this.addSql(`alter table "voucher_batch" add constraint "voucher_batch_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "voucher_batch" add constraint "voucher_batch_amount_check" check (amount > 0);`);
    this.addSql(`alter table "voucher_batch" add constraint "voucher_batch_count_check" check (count > 0);`);
    this.addSql(`alter table "voucher" add constraint "voucher_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "voucher" add constraint "voucher_batch_id_foreign" foreign key ("batch_id") references "voucher_batch" ("id") on delete no action;`);
    this.addSql(`alter table "voucher" add constraint "voucher_giver_id_foreign" foreign key ("giver_id") references "customer" ("id") on delete no action;`);
    this.addSql(`alter table "voucher" add constraint "voucher_claimed_by_foreign" foreign key ("claimed_by") references "customer" ("id") on delete no action;`);
    this.addSql(`alter table "voucher" add constraint "voucher_origin" check ((kind = 'code') = (batch_id is not null) and (kind = 'link') = (giver_id is not null));`);
    this.addSql(`alter table "voucher" add constraint "voucher_claim" check ((status = 'claimed') = (claimed_by is not null) and (claimed_by is null) = (claimed_at is null));`);
    this.addSql(`alter table "voucher" add constraint "voucher_own" check (claimed_by <> giver_id);`);
    this.addSql(`alter table "voucher" add constraint "voucher_booked" check (booked_at is null or status = 'claimed');`);
    this.addSql(`alter table "voucher" add constraint "voucher_amount_check" check (amount > 0);`);
    this.addSql(`alter table "voucher" add constraint "voucher_from_bonus_check" check (from_bonus >= 0 and from_bonus <= amount);`);
    this.addSql(`alter table "voucher" add constraint "voucher_kind_check" check ("kind" in ('code', 'link'));`);
    this.addSql(`alter table "voucher" add constraint "voucher_status_check" check ("status" in ('drafted', 'open', 'claimed', 'lapsed', 'refused', 'revoked'));`);

    this.addSql(`
      create function voucher_status_change() returns trigger language plpgsql as $$
      begin
        if old.status <> new.status and not (
             (old.status = 'drafted' and new.status in ('open', 'refused'))
          or (old.status = 'open' and new.status in ('claimed', 'lapsed', 'revoked'))) then
          raise exception 'voucher % may not go from % to %', new.id, old.status, new.status using errcode = 'check_violation';
        end if;
        if (old.shop_id, old.kind, old.hash, old.amount, old.batch_id, old.giver_id) is distinct from (new.shop_id, new.kind, new.hash, new.amount, new.batch_id, new.giver_id)
           or (old.claimed_by is not null and old.claimed_by is distinct from new.claimed_by)
           or (old.booked_at is not null and old.booked_at is distinct from new.booked_at) then
          raise exception 'voucher % is frozen', new.id using errcode = 'check_violation';
        end if;
        return new;
      end $$;`);
    this.addSql(`create trigger voucher_status_change before update on "voucher" for each row execute function voucher_status_change();`);
    this.addSql(`grant select, insert, update on "voucher" to tillflow_app;`);
    this.addSql(`grant select, insert on "voucher_batch" to tillflow_app;`);
    this.addSql(`grant update (revoked_at) on "voucher_batch" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "voucher_id_seq", "voucher_batch_id_seq" to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Vouchers are not taken down: restore a backup instead.');
  }
}
