import { Migration } from '@mikro-orm/migrations';

/** A piece whose price went back is not claimed again. */
export class Migration20261127030000_claimed_once extends Migration {
  override up(): void {
    this.addSql(`drop index "claim_unit_once";`);
    this.addSql(`drop index "claim_line_once";`);
    this.addSql(`create unique index "claim_unit_once" on "claim" ("unit_id") where status in ('asked', 'open', 'refunded');`);
    this.addSql(`create unique index "claim_line_once" on "claim" ("order_line_id") where status in ('asked', 'open', 'refunded') and unit_id is null;`);
  }

  override down(): void {
    throw new Error('Claims are not taken down: restore a backup instead.');
  }
}
