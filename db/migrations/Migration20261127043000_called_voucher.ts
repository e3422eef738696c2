import { Migration } from '@mikro-orm/migrations';

/** A call of the Mini App that makes a gift link is remembered like one that makes an order. */
export class Migration20261127043000_called_voucher extends Migration {
  override up(): void {
    this.addSql(`alter table "nonce" drop constraint "nonce_noun_check";`);
    this.addSql(`alter table "nonce" add constraint "nonce_noun_check" check ("noun" in ('order', 'deposit', 'voucher'));`);
  }

  override down(): void {
    throw new Error('Calls are not forgotten: restore a backup instead.');
  }
}
