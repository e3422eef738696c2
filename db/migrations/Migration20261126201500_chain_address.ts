import { Migration } from '@mikro-orm/migrations';

/** Blocks are looked up by the hash of a script: one page each, however many addresses there are. */
export class Migration20261126201500_chain_address extends Migration {
  override up(): void {
    this.addSql(`create index "chain_address_by_script" on "chain_address" using hash ("script");`);
  }

  override down(): void {
    this.addSql(`drop index "chain_address_by_script";`);
  }
}
