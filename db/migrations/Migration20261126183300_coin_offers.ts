import { Migration } from '@mikro-orm/migrations';

/** Which coins an account takes, and the least of each, as its provider told them. */
export class Migration20261126183300_coin_offers extends Migration {
  override up(): void {
    this.addSql(`alter table "provider_account" add "coin_offers" jsonb null;`);
  }

  override down(): void {
    this.addSql(`alter table "provider_account" drop column "coin_offers";`);
  }
}
