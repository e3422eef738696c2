import { Migration } from '@mikro-orm/migrations';

/** What staff give back of a deposit, beside what its provider takes back. */
export class Migration20261126213500_paid_out extends Migration {
  override up(): void {
    this.addSql(`alter table "deposit" add "paid_out" bigint not null default '0';`);
    this.addSql(`alter table "deposit" add constraint "deposit_paid_out_check" check (paid_out >= 0);`);
    this.addSql(
      `update "deposit" d set paid_out = s.sum from (select deposit_id, sum(amount) as sum from payout where status <> 'failed' group by deposit_id) s where s.deposit_id = d.id;`,
    );
  }

  override down(): void {
    this.addSql(`alter table "deposit" drop column "paid_out";`);
  }
}
