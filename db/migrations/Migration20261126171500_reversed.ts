import { Migration } from '@mikro-orm/migrations';

/** What paid a debt, and what the provider took back of a deposit. */
export class Migration20261126171500_reversed extends Migration {
  override up(): void {
    this.addSql(`alter table "deposit" drop constraint "deposit_status_check";`);
    this.addSql(`alter table "deposit" add "debt_paid" bigint not null default '0', add "reversed" bigint not null default '0';`);
    // What paid a debt before this column was there is in the ledger.
    this.addSql(
      `update deposit d set debt_paid = s.sum from (
         select i.deposit_id, sum(t.amount) as sum from inbox i
           join transfer t on t.key = i.provider || ':' || i.shop_id || ':' || i.object_id || '#debt'
          where i.kind = 'settled' and i.outcome = 'applied' and i.deposit_id is not null group by i.deposit_id) s
        where s.deposit_id = d.id;`,
    );
    this.addSql(`alter table "deposit" add constraint "deposit_debt_paid_check" check (debt_paid >= 0 and debt_paid <= credited);`);
    this.addSql(`alter table "deposit" add constraint "deposit_reversed_check" check (reversed >= 0);`);
    this.addSql(
      `alter table "deposit" add constraint "deposit_status_check" check ("status" in ('opened', 'waiting', 'seen', 'credited', 'partial', 'expired', 'rejected', 'reversed'));`,
    );
    this.addSql(`
      create or replace function deposit_status_change() returns trigger language plpgsql as $$
      begin
        if old.status <> new.status and not (
             (old.status = 'opened' and new.status in ('waiting', 'seen', 'credited', 'partial', 'expired', 'rejected', 'reversed'))
          or (old.status = 'waiting' and new.status in ('seen', 'credited', 'partial', 'expired', 'reversed'))
          or (old.status = 'seen' and new.status in ('waiting', 'credited', 'partial', 'expired', 'reversed'))
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
  }

  override down(): void {
    throw new Error('Deposits are not taken down: restore a backup instead.');
  }
}
