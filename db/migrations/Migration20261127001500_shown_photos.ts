import { Migration } from '@mikro-orm/migrations';

/** Whether a picture is of a product, which everybody may see, is asked whenever it is shown. */
export class Migration20261127001500_shown_photos extends Migration {
  override up(): void {
    this.addSql(`create index "product_photo_id_index" on "product" ("photo_id");`);
    this.addSql(`create index "product_photo_photo_id_index" on "product_photo" ("photo_id");`);
  }

  override down(): void {
    this.addSql(`drop index "product_photo_photo_id_index";`);
    this.addSql(`drop index "product_photo_id_index";`);
  }
}
