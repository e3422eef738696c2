import { Migration } from '@mikro-orm/migrations';

/** Payment stages: what they say, where they were sent, who came by them and which orders began there. */
export class Migration20261127042000_stage extends Migration {
  override up(): void {
    this.addSql(`create table "stage" ("id" bigserial primary key, "shop_id" bigint not null, "product_id" bigint not null, "title" text not null, "description" text not null, "label" text not null, "photo_url" text null, "payload" text not null, "start_parameter" text not null, "created_at" timestamptz not null, "updated_at" timestamptz not null, "removed_at" timestamptz null);`);
    this.addSql(`alter table "stage" add constraint "stage_payload_unique" unique ("payload");`);
    this.addSql(`create index "stage_shop_id_id_index" on "stage" ("shop_id", "id");`);
    this.addSql(`alter table "stage" add constraint "stage_shop_id_start_parameter_unique" unique ("shop_id", "start_parameter");`);
    this.addSql(`create unique index "stage_of_product" on "stage" ("product_id") where removed_at is null;`);
    this.addSql(`create table "stage_open" ("stage_id" bigint not null, "customer_id" bigint not null, "times" int not null default 1, "opened_at" timestamptz not null, "last_opened_at" timestamptz not null, primary key ("stage_id", "customer_id"));`);
    this.addSql(`create index "stage_open_customer_id_index" on "stage_open" ("customer_id");`);
    this.addSql(`create table "stage_order" ("code" text not null, "stage_id" bigint not null, "customer_id" bigint not null, "shown_at" timestamptz not null, primary key ("code"));`);
    this.addSql(`create index "stage_order_stage_id_index" on "stage_order" ("stage_id");`);
    this.addSql(`create index "stage_order_customer_id_shown_at_index" on "stage_order" ("customer_id", "shown_at");`);
    this.addSql(`create table "stage_send" ("id" bigserial primary key, "shop_id" bigint not null, "stage_id" bigint not null, "customer_id" bigint null, "key" text not null, "status" text not null default 'waiting', "actor" text not null, "asked_at" timestamptz not null, "closed_at" timestamptz null);`);
    this.addSql(`create index "stage_send_stage_id_index" on "stage_send" ("stage_id");`);
    this.addSql(`alter table "stage_send" add constraint "stage_send_shop_id_key_unique" unique ("shop_id", "key");`);
    this.addSql(`alter table "stage" add constraint "stage_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "stage" add constraint "stage_product_id_foreign" foreign key ("product_id") references "product" ("id");`);
    this.addSql(`alter table "stage" add constraint "stage_title_check" check (title <> '' and length(title) <= 32);`);
    this.addSql(`alter table "stage" add constraint "stage_description_check" check (description <> '' and length(description) <= 255);`);
    this.addSql(`alter table "stage" add constraint "stage_label_check" check (label <> '' and length(label) <= 32);`);
    this.addSql(`alter table "stage" add constraint "stage_photo_url_check" check (photo_url ~ '^https://' and length(photo_url) <= 512);`);
    this.addSql(`alter table "stage" add constraint "stage_start_parameter_check" check (start_parameter ~ '^stage_[A-Za-z0-9_-]{1,58}\$');`);
    this.addSql(`alter table "stage_open" add constraint "stage_open_stage_id_foreign" foreign key ("stage_id") references "stage" ("id") on update cascade on delete cascade;`);
    this.addSql(`alter table "stage_open" add constraint "stage_open_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on update cascade on delete cascade;`);
    this.addSql(`alter table "stage_open" add constraint "stage_open_times_check" check (times >= 1);`);
    this.addSql(`alter table "stage_order" add constraint "stage_order_stage_id_foreign" foreign key ("stage_id") references "stage" ("id");`);
    this.addSql(`alter table "stage_order" add constraint "stage_order_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);
    this.addSql(`alter table "stage_send" add constraint "stage_send_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "stage_send" add constraint "stage_send_stage_id_foreign" foreign key ("stage_id") references "stage" ("id");`);
    this.addSql(`alter table "stage_send" add constraint "stage_send_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete no action;`);
    this.addSql(`alter table "stage_send" add constraint "stage_send_closed" check ((status = 'waiting') = (closed_at is null));`);
    this.addSql(`alter table "stage_send" add constraint "stage_send_key_check" check (key <> '' and length(key) <= 200);`);
    this.addSql(`alter table "stage_send" add constraint "stage_send_status_check" check ("status" in ('waiting', 'sent', 'refused', 'gone'));`);

    this.addSql(`
      create function stage_change() returns trigger language plpgsql as $$
      begin
        if (old.shop_id, old.product_id, old.payload, old.start_parameter, old.created_at)
           is distinct from (new.shop_id, new.product_id, new.payload, new.start_parameter, new.created_at)
           or old.removed_at is not null then
          raise exception 'stage % is frozen', new.id using errcode = 'check_violation';
        end if;
        return new;
      end $$;`);
    this.addSql(`create trigger stage_change before update on "stage" for each row execute function stage_change();`);
    this.addSql(`grant select, insert, update on "stage" to tillflow_app;`);
    this.addSql(`grant select, insert on "stage_send" to tillflow_app;`);
    this.addSql(`grant update (status, closed_at) on "stage_send" to tillflow_app;`);
    this.addSql(`grant select, insert on "stage_open" to tillflow_app;`);
    this.addSql(`grant update (times, last_opened_at) on "stage_open" to tillflow_app;`);
    this.addSql(`grant select, insert, delete on "stage_order" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "stage_id_seq", "stage_send_id_seq" to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Stages are not taken down: restore a backup instead.');
  }
}
