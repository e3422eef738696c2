import { Migration } from '@mikro-orm/migrations';

/** What the database itself refuses: the last guard of MONEY.md section 3. */
export class Migration20261121000100_guards extends Migration {
  override up(): void {
    this.addSql(`
      create function account_begin_empty() returns trigger language plpgsql as $$
      begin
        if new.balance is not null then new.balance := 0; end if;
        return new;
      end $$;`);
    this.addSql(`create trigger account_begin_empty before insert on "account" for each row execute function account_begin_empty();`);

    // Balances move here only. The application's role may not update accounts; this function runs with the owner's rights.
    this.addSql(`
      create function apply_transfer() returns trigger language plpgsql security definer set search_path = public as $$
      declare
        debited account%rowtype;
        credited account%rowtype;
      begin
        perform 1 from account where id in (new.debit_account_id, new.credit_account_id) and balance is not null order by id for update;
        select * into strict debited from account where id = new.debit_account_id;
        select * into strict credited from account where id = new.credit_account_id;
        if debited.shop_id <> new.shop_id or credited.shop_id <> new.shop_id then
          raise exception 'transfer % crosses shops', new.key using errcode = 'check_violation';
        end if;
        if debited.currency <> new.currency or credited.currency <> new.currency then
          raise exception 'transfer % mixes currencies', new.key using errcode = 'check_violation';
        end if;
        new.debit_balance := null;
        new.credit_balance := null;
        if debited.balance is not null then
          update account set balance = balance + case grows_by when 'debit' then new.amount else -new.amount end
           where id = debited.id returning balance into new.debit_balance;
        end if;
        if credited.balance is not null then
          update account set balance = balance + case grows_by when 'credit' then new.amount else -new.amount end
           where id = credited.id returning balance into new.credit_balance;
        end if;
        return new;
      end $$;`);
    this.addSql(`create trigger apply_transfer before insert on "transfer" for each row execute function apply_transfer();`);

    // A posting of several legs locks all its accounts first, in id order, so that two postings never wait for each other.
    this.addSql(`
      create function lock_accounts(ids bigint[]) returns setof account language sql security definer set search_path = public as $$
        select * from account where id = any(ids) and balance is not null order by id for update
      $$;`);

    // A unit is free exactly when it stands in the pool; only these changes of state exist.
    this.addSql(`
      create function unit_state_change() returns trigger language plpgsql as $$
      begin
        if tg_op = 'UPDATE' and old.state <> new.state and not (
             (old.state = 'free' and new.state in ('held', 'withdrawn'))
          or (old.state = 'held' and new.state in ('sold', 'free', 'withdrawn'))
          or (old.state = 'sold' and new.state in ('free', 'withdrawn'))
          or (old.state = 'withdrawn' and new.state = 'free')) then
          raise exception 'unit % may not go from % to %', new.id, old.state, new.state using errcode = 'check_violation';
        end if;
        if tg_op = 'UPDATE' and old.state = new.state and old.order_line_id is distinct from new.order_line_id then
          raise exception 'unit % may not change its order line', new.id using errcode = 'check_violation';
        end if;
        if new.state = 'free' and (tg_op = 'INSERT' or old.state <> 'free') then
          insert into free_unit (product_id, unit_id) values (new.product_id, new.id);
        elsif new.state <> 'free' and tg_op = 'UPDATE' and old.state = 'free' then
          delete from free_unit where product_id = new.product_id and unit_id = new.id;
        end if;
        return null;
      end $$;`);
    this.addSql(`create trigger unit_state_change after insert or update on "unit" for each row execute function unit_state_change();`);

    this.addSql(`
      create function order_status_change() returns trigger language plpgsql as $$
      begin
        if old.status <> new.status and not (
             (old.status = 'awaitingPayment' and new.status in ('awaitingSettlement', 'paid', 'unfulfillable', 'expired', 'cancelled'))
          or (old.status = 'awaitingSettlement' and new.status in ('paid', 'unfulfillable', 'expired', 'cancelled'))
          or (old.status = 'paid' and new.status in ('delivered', 'refunded'))
          or (old.status in ('delivered', 'unfulfillable') and new.status = 'refunded')) then
          raise exception 'order % may not go from % to %', new.code, old.status, new.status using errcode = 'check_violation';
        end if;
        if (old.total, old.currency, old.customer_id, old.shop_id, old.code) is distinct from (new.total, new.currency, new.customer_id, new.shop_id, new.code) then
          raise exception 'order % is frozen', new.code using errcode = 'check_violation';
        end if;
        return new;
      end $$;`);
    this.addSql(`create trigger order_status_change before update on "order" for each row execute function order_status_change();`);

    this.addSql(`
      create function refund_within_payment() returns trigger language plpgsql as $$
      declare paid bigint;
      begin
        select received into strict paid from payment where id = new.payment_id;
        if (select coalesce(sum(amount), 0) from refund where payment_id = new.payment_id and status <> 'failed') > paid then
          raise exception 'refunds of payment % exceed what it brought', new.payment_id using errcode = 'check_violation';
        end if;
        return null;
      end $$;`);
    this.addSql(`create trigger refund_within_payment after insert or update on "refund" for each row execute function refund_within_payment();`);

    this.addSql(`
      create function shop_currency_fixed() returns trigger language plpgsql as $$
      begin
        if old.currency <> new.currency and exists (select from transfer where shop_id = old.id) then
          raise exception 'the currency of shop % is fixed: it has entries', old.slug using errcode = 'check_violation';
        end if;
        return new;
      end $$;`);
    this.addSql(`create trigger shop_currency_fixed before update of currency on "shop" for each row execute function shop_currency_fixed();`);

    this.addSql(`
      do $$ begin
        if not exists (select from pg_roles where rolname = 'tillflow_app') then create role tillflow_app login; end if;
      end $$;`);
    this.addSql(`grant usage on schema public to tillflow_app;`);
    this.addSql(`grant select, insert, update, delete on all tables in schema public to tillflow_app;`);
    this.addSql(`grant usage, select on all sequences in schema public to tillflow_app;`);
    this.addSql(`revoke update, delete, truncate on "transfer", "audit", "account", "receipt" from tillflow_app;`);
    this.addSql(`revoke insert, update, delete on "mikro_orm_migrations" from tillflow_app;`);
    this.addSql(`revoke execute on function lock_accounts(bigint[]) from public;`);
    this.addSql(`grant execute on function lock_accounts(bigint[]) to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Guards are not taken down: restore a backup instead.');
  }
}
