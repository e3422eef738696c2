import { Migration } from '@mikro-orm/migrations';

/** Products and pickup points have keys of the shop's own, by which files know them again. */
export class Migration20261127003500_sku extends Migration {
  override up(): void {
    // A letter first: a spreadsheet must not read one as a number.
    this.addSql(`
      create function make_key() returns text language sql volatile as $$
        select 'k' || substr(replace(gen_random_uuid()::text, '-', ''), 1, 16)
      $$;`);
    this.addSql(`alter table "pickup_point" add "key" text not null default make_key();`);
    this.addSql(`alter table "pickup_point" add constraint "pickup_point_shop_id_key_unique" unique ("shop_id", "key");`);
    this.addSql(`alter table "pickup_point" add constraint "pickup_point_key_check" check (key <> '' and length(key) <= 64);`);
    this.addSql(`alter table "product" add "sku" text not null default make_key();`);
    this.addSql(`alter table "product" add constraint "product_shop_id_sku_unique" unique ("shop_id", "sku");`);
    this.addSql(`alter table "product" add constraint "product_sku_check" check (sku <> '' and length(sku) <= 64);`);
    this.addSql(`grant execute on function make_key() to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Keys are not taken down: restore a backup instead.');
  }
}
