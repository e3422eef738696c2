import { Migration } from '@mikro-orm/migrations';

/** A shop's own wording of any text, by language; the three columns there were become texts of each language. */
export class Migration20261127003000_texts extends Migration {
  override name = 'Migration20261127003000_texts';

  override up(): void {
    this.addSql(`alter table "shop" add "texts" jsonb not null default '{}';`);
    this.addSql(`
      update "shop" set texts = (
        select jsonb_object_agg(language, own) from unnest(array['en', 'ru', 'pl']) as language,
          lateral (select jsonb_object_agg(id, text) as own
                     from (values ('start-welcome', welcome), ('help-terms', terms), ('help-privacy', privacy)) as known (id, text)
                    where text is not null and text !~ '[{}]') as texts
      ) where coalesce(welcome, terms, privacy) is not null;`);
    this.addSql(`update "shop" set texts = jsonb_strip_nulls(texts) where texts <> '{}';`);
    this.addSql(`alter table "shop" drop column "privacy", drop column "terms", drop column "welcome";`);
    this.addSql(`alter table "shop" add constraint "shop_texts_check" check (octet_length(texts::text) <= 400000);`);
  }

  override down(): void {
    throw new Error('Texts are not taken down: restore a backup instead.');
  }
}
