import { Migration } from '@mikro-orm/migrations';

/** A posting in one call: its accounts made where they are missing, locked in id order, its transfers inserted. */
export class Migration20261124000000_postings extends Migration {
  override up(): void {
    // One by one, by their unique key: a join would be planned for a hundred names, and read all accounts while there are few.
    this.addSql(`
      create function find_accounts(in_shop bigint, in_currency text, kinds text[], owners text[]) returns bigint[]
      language plpgsql security definer set search_path = public as $$
      declare
        ids bigint[] := '{}';
        found_id bigint;
        role text;
        number bigint;
      begin
        for i in 1 .. cardinality(kinds) loop
          select id into found_id from account
           where shop_id = in_shop and kind = kinds[i] and currency = in_currency and owner = owners[i];
          if not found then
            role := split_part(owners[i], ':', 1);
            number := nullif(split_part(owners[i], ':', 2), '')::bigint;
            insert into account (shop_id, kind, currency, owner, customer_id, order_id, grows_by, balance)
            values (in_shop, kinds[i], in_currency, owners[i],
                    case role when 'customer' then number end, case role when 'order' then number end,
                    case when kinds[i] = 'debt' or kinds[i] ~ '^(clearing|expense|loss):' then 'debit' else 'credit' end,
                    case when owners[i] = '' then null else 0 end)
            on conflict do nothing;
            -- Another posting may have made it just now.
            select id into strict found_id from account
             where shop_id = in_shop and kind = kinds[i] and currency = in_currency and owner = owners[i];
          end if;
          ids[i] := found_id;
        end loop;
        return ids;
      end $$;`);

    // Whoever needs several accounts locks them in id order, so that two never wait for each other.
    this.addSql(`
      create function lock_named_accounts(in_shop bigint, in_currency text, kinds text[], owners text[])
      returns table (kind text, owner text, balance bigint)
      language plpgsql security definer set search_path = public as $$
      declare
        ids bigint[] := find_accounts(in_shop, in_currency, kinds, owners);
      begin
        return query select a.kind, a.owner, a.balance from account a where a.id = any(ids) and a.balance is not null order by a.id for update;
      end $$;`);

    // `debits` and `credits` number the accounts of a leg, from 1.
    this.addSql(`
      create function post_transfers(
        in_shop bigint, in_currency text, kinds text[], owners text[], keys text[], debits int[], credits int[], amounts bigint[],
        orders bigint[], actors text[], reasons text[], times timestamptz[]) returns void
      language plpgsql security definer set search_path = public as $$
      declare
        ids bigint[] := find_accounts(in_shop, in_currency, kinds, owners);
      begin
        perform from account where id = any(ids) and balance is not null order by id for update;
        for i in 1 .. cardinality(keys) loop
          insert into transfer (shop_id, key, debit_account_id, credit_account_id, amount, currency, order_id, actor, reason, at)
          values (in_shop, keys[i], ids[debits[i]], ids[credits[i]], amounts[i], in_currency, orders[i], actors[i], reasons[i], times[i]);
        end loop;
      end $$;`);

    const ours = [
      'find_accounts(bigint, text, text[], text[])',
      'lock_named_accounts(bigint, text, text[], text[])',
      'post_transfers(bigint, text, text[], text[], text[], int[], int[], bigint[], bigint[], text[], text[], timestamptz[])',
    ];
    for (const signature of ours) this.addSql(`revoke execute on function ${signature} from public;`);
    for (const signature of ours.slice(1)) this.addSql(`grant execute on function ${signature} to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Guards are not taken down: restore a backup instead.');
  }
}
