import { Migration } from '@mikro-orm/migrations';

/** Tolerance of orders in coins: what settles one, frozen with what was asked, and what the shop bore. */
export class Migration20261126203500_tolerance extends Migration {
  override up(): void {
    this.addSql(`alter table "payment" add "units_least" numeric null, add "tolerated" bigint not null default '0';`);
    this.addSql(`alter table "payment" add constraint "payment_tolerance" check (tolerated >= 0 and (tolerated = 0 or (tolerated <= amount / 50 + 1 and applied + tolerated <= amount and units_received >= units_least)));`);
    this.addSql(`alter table "payment" add constraint "payment_units_least" check (units_least <= units and units_least >= units * 0.98);`);
  }
}
