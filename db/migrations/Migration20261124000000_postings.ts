import { Migration } from '@mikro-orm/migrations';

/** A posting in one call: its accounts made where they are missing, locked in id order, its transfers inserted. */
export class Migration20261124000000_postings extends Migration {
  override up(): void {
    this.addSql(`
      create function ensure_accounts(in_shop bigint, in_currency text, names jsonb) returns void language sql set search_path = public as $$
        insert into account (shop_id, kind, currency, owner, customer_id, order_id, grows_by, balance)
        select in_shop, n.kind, in_currency, n.owner, n.customer_id, n.order_id, n.grows_by, case when n.owner = '' then null else 0 end
          from jsonb_to_recordset(names) as n(kind text, owner text, customer_id bigint, order_id bigint, grows_by text)
         where not exists (select from account a
                            where a.shop_id = in_shop and a.kind = n.kind and a.currency = in_currency and a.owner = n.owner)
         order by n.kind, n.owner
        on conflict do nothing
      $$;`);

    // Every statement of a function sees what was committed before it: accounts another posting made meanwhile are found and locked.
    this.addSql(`
      create function lock_named_accounts(in_shop bigint, in_currency text, names jsonb) returns table (kind text, owner text, balance bigint)
      language plpgsql security definer set search_path = public as $$
      begin
        perform ensure_accounts(in_shop, in_currency, names);
        return query
          select a.kind, a.owner, a.balance
            from jsonb_to_recordset(names) as n(kind text, owner text)
            join account a on a.shop_id = in_shop and a.kind = n.kind and a.currency = in_currency and a.owner = n.owner
           where a.balance is not null order by a.id for update of a;
      end $$;`);

    this.addSql(`
      create function post_transfers(in_shop bigint, in_currency text, names jsonb, legs jsonb) returns void
      language plpgsql security definer set search_path = public as $$
      begin
        perform from lock_named_accounts(in_shop, in_currency, names);
        insert into transfer (shop_id, key, debit_account_id, credit_account_id, amount, currency, order_id, actor, reason, at)
        select in_shop, l.key, d.id, c.id, l.amount, in_currency, l.order_id, l.actor, l.reason, l.at
          from rows from (jsonb_to_recordset(legs) as (key text, debit_kind text, debit_owner text, credit_kind text, credit_owner text,
                                                       amount bigint, order_id bigint, actor text, reason text, at timestamptz))
               with ordinality as l(key, debit_kind, debit_owner, credit_kind, credit_owner, amount, order_id, actor, reason, at, place)
          left join account d on d.shop_id = in_shop and d.kind = l.debit_kind and d.currency = in_currency and d.owner = l.debit_owner
          left join account c on c.shop_id = in_shop and c.kind = l.credit_kind and c.currency = in_currency and c.owner = l.credit_owner
         order by l.place;
      end $$;`);

    for (const signature of [
      'ensure_accounts(bigint, text, jsonb)',
      'lock_named_accounts(bigint, text, jsonb)',
      'post_transfers(bigint, text, jsonb, jsonb)',
    ]) {
      this.addSql(`revoke execute on function ${signature} from public;`);
    }
    this.addSql(`grant execute on function lock_named_accounts(bigint, text, jsonb) to tillflow_app;`);
    this.addSql(`grant execute on function post_transfers(bigint, text, jsonb, jsonb) to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Guards are not taken down: restore a backup instead.');
  }
}
