import { Migration } from '@mikro-orm/migrations';

export class Migration20261121000000_schema extends Migration {

  override up(): void | Promise<void> {
    this.addSql(`create table "shop" ("id" bigserial primary key, "slug" text not null, "title" text not null, "currency" text not null, "time_zone" text not null default 'UTC', "language" text not null default 'en', "open" boolean not null default true, "bot_token" bytea null, "bot_id" bigint null, "bot_username" text null, "webhook_endpoint_id" text not null, "webhook_secret" bytea null, "staff_chat_id" bigint null, "digital_acknowledged_at" timestamptz null, "digital_acknowledged_by" text null, "welcome" text null, "terms" text null, "privacy" text null, "support_contact" text null, "created_at" timestamptz not null default now());`);
    this.addSql(`alter table "shop" add constraint "shop_slug_unique" unique ("slug");`);
    this.addSql(`alter table "shop" add constraint "shop_bot_id_unique" unique ("bot_id");`);
    this.addSql(`alter table "shop" add constraint "shop_webhook_endpoint_id_unique" unique ("webhook_endpoint_id");`);

    this.addSql(`create table "setting" ("shop_id" bigint not null, "key" text not null, "value" int not null, primary key ("shop_id", "key"));`);

    this.addSql(`create table "receipt_counter" ("shop_id" bigint not null, "kind" text not null, "year" int not null, "last" int not null, primary key ("shop_id", "kind", "year"));`);

    this.addSql(`create table "provider_account" ("id" bigserial primary key, "shop_id" bigint not null, "provider" text not null, "endpoint_id" text not null, "keys" bytea null, "live_mode" boolean not null default false, "enabled" boolean not null default true, "off_reason" text null, "created_at" timestamptz not null default now());`);
    this.addSql(`alter table "provider_account" add constraint "provider_account_endpoint_id_unique" unique ("endpoint_id");`);
    this.addSql(`alter table "provider_account" add constraint "provider_account_shop_id_provider_unique" unique ("shop_id", "provider");`);

    this.addSql(`create table "photo" ("id" bigserial primary key, "shop_id" bigint not null, "media_type" text not null, "bytes" bytea not null, "telegram_file_id" text null, "created_at" timestamptz not null default now());`);

    this.addSql(`create table "pickup_point" ("id" bigserial primary key, "shop_id" bigint not null, "city" text not null, "district" text not null, "name" text not null, "address" text not null, "hours" text not null, "latitude" double precision null, "longitude" double precision null, "photo_id" bigint null, "instructions" text not null default '');`);
    this.addSql(`create index "pickup_point_shop_id_city_district_index" on "pickup_point" ("shop_id", "city", "district");`);

    this.addSql(`create table "customer" ("id" bigserial primary key, "shop_id" bigint not null, "telegram_user_id" bigint not null, "chat_id" bigint not null, "language" text not null default 'en', "name" bytea null, "blocked_at" timestamptz null, "banned_at" timestamptz null, "created_at" timestamptz not null default now());`);
    this.addSql(`alter table "customer" add constraint "customer_shop_id_telegram_user_id_unique" unique ("shop_id", "telegram_user_id");`);

    this.addSql(`create table "order" ("id" bigserial primary key, "code" text not null, "shop_id" bigint not null, "customer_id" bigint not null, "status" text not null, "currency" text not null, "total" bigint not null, "stars_total" bigint null, "tax" bigint not null, "method" text not null, "methods" text[] not null, "lines_key" text not null, "from_basket" boolean not null default false, "hold_seconds" int not null, "placed_at" timestamptz not null, "hold_ends_at" timestamptz not null, "settle_by" timestamptz null, "paid_at" timestamptz null, "delivered_at" timestamptz null, "closed_at" timestamptz null, "ended_by" text null, "reminded_at" timestamptz null, "reminder_sent_at" timestamptz null, "screen_chat_id" bigint null, "screen_message_id" bigint null, "version" int not null default 1, "screen_version" int not null default 0, "staff_chat_id" bigint null, "staff_message_id" bigint null, "staff_version" int not null default 0, "language" text not null);`);
    this.addSql(`alter table "order" add constraint "order_code_unique" unique ("code");`);
    this.addSql(`create index "order_customer_id_placed_at_index" on "order" ("customer_id", "placed_at");`);
    this.addSql(`create index "order_shop_id_placed_at_index" on "order" ("shop_id", "placed_at");`);
    this.addSql(`create index "order_open" on "order" ("status") where status in ('awaitingPayment', 'awaitingSettlement', 'paid', 'unfulfillable');`);

    this.addSql(`create table "payment" ("id" text not null, "shop_id" bigint not null, "order_id" bigint not null, "customer_id" bigint not null, "attempt" int not null, "method" text not null, "provider" text not null, "account_id" bigint null, "amount" bigint not null, "currency" text not null, "status" text not null, "received" bigint not null default '0', "applied" bigint not null default '0', "paid_partial" boolean not null default false, "paid_over" boolean not null default false, "paid_late" boolean not null default false, "provider_object" text null, "money_object" text null, "instructions" jsonb null, "opened_at" timestamptz not null, "seen_at" timestamptz null, "settled_at" timestamptz null, "closed_at" timestamptz null, primary key ("id"));`);
    this.addSql(`create index "payment_customer_id_status_index" on "payment" ("customer_id", "status");`);
    this.addSql(`alter table "payment" add constraint "payment_order_id_attempt_unique" unique ("order_id", "attempt");`);

    this.addSql(`create table "refund" ("id" text not null, "shop_id" bigint not null, "order_id" bigint not null, "payment_id" text not null, "provider" text not null, "money_object" text not null default '', "amount" bigint not null, "currency" text not null, "bonus_amount" bigint not null default '0', "scope" text not null, "status" text not null, "requested_by" text not null, "reason" text not null, "provider_refund_id" text null, "failure" text null, "requested_at" timestamptz not null, "sent_at" timestamptz null, "closed_at" timestamptz null, "told_at" timestamptz null, primary key ("id"));`);
    this.addSql(`create index "refund_order_id_index" on "refund" ("order_id");`);
    this.addSql(`create index "refund_provider_money_object_index" on "refund" ("provider", "money_object");`);

    this.addSql(`create table "receipt" ("id" bigserial primary key, "shop_id" bigint not null, "kind" text not null, "year" int not null, "number" int not null, "order_id" bigint not null, "refund_id" text null, "currency" text not null, "total" bigint not null, "tax" bigint not null, "issued_at" timestamptz not null);`);
    this.addSql(`alter table "receipt" add constraint "receipt_refund_id_unique" unique ("refund_id");`);
    this.addSql(`alter table "receipt" add constraint "receipt_shop_id_kind_year_number_unique" unique ("shop_id", "kind", "year", "number");`);
    this.addSql(`create unique index "receipt_once" on "receipt" ("order_id") where kind = 'receipt';`);

    this.addSql(`create table "inbox" ("id" bigserial primary key, "shop_id" bigint not null, "provider" text not null, "account_id" bigint null, "source" text not null, "event_id" text not null, "type" text not null, "verdict" text not null, "reason" text null, "outcome" text null, "outcome_reason" text null, "kind" text not null, "object_id" text not null, "payment_id" text null, "order_id" bigint null, "amount" bigint null, "currency" text null, "live_mode" boolean null, "provider_at" timestamptz not null, "received_at" timestamptz not null default now(), "applied_at" timestamptz null, "place" text null, "told_at" timestamptz null, "body" bytea not null, "headers" jsonb not null);`);
    this.addSql(`create index "inbox_order_id_id_index" on "inbox" ("order_id", "id");`);
    this.addSql(`create index "inbox_provider_object_id_index" on "inbox" ("provider", "object_id");`);
    this.addSql(`create index "inbox_waiting" on "inbox" ("received_at") where outcome is null;`);
    this.addSql(`alter table "inbox" add constraint "inbox_event_once" unique ("provider", "shop_id", "event_id", "verdict");`);

    this.addSql(`create table "basket" ("id" bigserial primary key, "customer_id" bigint not null);`);
    this.addSql(`alter table "basket" add constraint "basket_customer_id_unique" unique ("customer_id");`);

    this.addSql(`create table "category" ("id" bigserial primary key, "shop_id" bigint not null, "name" text not null, "position" int not null default 0);`);
    this.addSql(`alter table "category" add constraint "category_shop_id_name_unique" unique ("shop_id", "name");`);

    this.addSql(`create table "product" ("id" bigserial primary key, "shop_id" bigint not null, "kind" text not null, "stock_mode" text not null, "title" text not null, "description" text not null default '', "category_id" bigint null, "pickup_point_id" bigint null, "photo_id" bigint null, "price" bigint not null, "discount_percent" int not null default 0, "tax_rate" int not null default 0, "stars_price" bigint null, "customer_limit" int null, "methods" text[] not null, "content" bytea null, "active" boolean not null default true, "position" int not null default 0, "created_at" timestamptz not null default now());`);
    this.addSql(`create index "product_shop_id_active_category_id_index" on "product" ("shop_id", "active", "category_id");`);
    this.addSql(`create index "product_pickup_point_id_index" on "product" ("pickup_point_id");`);

    this.addSql(`create table "order_line" ("id" bigserial primary key, "order_id" bigint not null, "product_id" bigint not null, "kind" text not null, "title" text not null, "quantity" int not null, "base_price" bigint not null, "discount_percent" int not null, "price" bigint not null, "stars_price" bigint null, "tax_rate" int not null, "tax" bigint not null, "pickup_point_id" bigint null, "position" int not null);`);
    this.addSql(`create index "order_line_product_id_index" on "order_line" ("product_id");`);
    this.addSql(`alter table "order_line" add constraint "order_line_order_id_product_id_unique" unique ("order_id", "product_id");`);

    this.addSql(`create table "delivery" ("id" bigserial primary key, "shop_id" bigint not null, "order_id" bigint not null, "order_line_id" bigint not null, "status" text not null, "handover_code" text null, "message_id" bigint null, "shown_at" timestamptz null, "sent_at" timestamptz null, "handed_over_at" timestamptz null, "handed_over_by" text null, "last_error" text null, "attempts" int not null default 0);`);
    this.addSql(`alter table "delivery" add constraint "delivery_order_line_id_unique" unique ("order_line_id");`);
    this.addSql(`create index "delivery_order_id_index" on "delivery" ("order_id");`);
    this.addSql(`create index "delivery_waiting" on "delivery" ("shop_id") where status in ('waiting', 'sending', 'staffTask');`);

    this.addSql(`create table "basket_line" ("id" bigserial primary key, "basket_id" bigint not null, "product_id" bigint not null, "quantity" int not null);`);
    this.addSql(`alter table "basket_line" add constraint "basket_line_basket_id_product_id_unique" unique ("basket_id", "product_id");`);

    this.addSql(`create table "audit" ("id" bigserial primary key, "shop_id" bigint null, "actor" text not null, "action" text not null, "subject" text not null, "subject_id" text not null, "before" jsonb null, "after" jsonb null, "at" timestamptz not null);`);
    this.addSql(`create index "audit_subject_subject_id_id_index" on "audit" ("subject", "subject_id", "id");`);
    this.addSql(`create index "audit_shop_id_id_index" on "audit" ("shop_id", "id");`);

    this.addSql(`create table "account" ("id" bigserial primary key, "shop_id" bigint not null, "kind" text not null, "currency" text not null, "owner" text not null default '', "customer_id" bigint null, "order_id" bigint null, "grows_by" text not null, "balance" bigint null);`);
    this.addSql(`create index "account_customer_id_index" on "account" ("customer_id");`);
    this.addSql(`create index "account_order_id_index" on "account" ("order_id");`);
    this.addSql(`alter table "account" add constraint "account_shop_id_kind_currency_owner_unique" unique ("shop_id", "kind", "currency", "owner");`);

    this.addSql(`create table "staff" ("id" bigserial primary key, "shop_id" bigint not null, "telegram_user_id" bigint not null, "role" text not null, "active" boolean not null default true, "created_at" timestamptz not null default now());`);
    this.addSql(`alter table "staff" add constraint "staff_shop_id_telegram_user_id_unique" unique ("shop_id", "telegram_user_id");`);

    this.addSql(`create table "transfer" ("id" bigserial primary key, "shop_id" bigint not null, "key" text collate "C" not null, "debit_account_id" bigint not null, "credit_account_id" bigint not null, "amount" bigint not null, "currency" text not null, "order_id" bigint null, "actor" text not null, "reason" text not null, "debit_balance" bigint null, "credit_balance" bigint null, "at" timestamptz not null, "created_at" timestamptz not null default now());`);
    this.addSql(`alter table "transfer" add constraint "transfer_key_unique" unique ("key");`);
    this.addSql(`create index "transfer_debit_account_id_id_index" on "transfer" ("debit_account_id", "id");`);
    this.addSql(`create index "transfer_credit_account_id_id_index" on "transfer" ("credit_account_id", "id");`);
    this.addSql(`create index "transfer_order_id_index" on "transfer" ("order_id");`);

    this.addSql(`create table "unit" ("id" bigserial primary key, "product_id" bigint not null, "state" text not null default 'free', "order_line_id" bigint null, "content" bytea null, "created_at" timestamptz not null default now());`);
    this.addSql(`create index "unit_product_id_state_index" on "unit" ("product_id", "state");`);
    this.addSql(`create index "unit_order_line_id_index" on "unit" ("order_line_id");`);

    this.addSql(`create table "free_unit" ("product_id" bigint not null, "unit_id" bigint not null, primary key ("product_id", "unit_id"));`);
    this.addSql(`alter table "free_unit" add constraint "free_unit_unit_id_unique" unique ("unit_id");`);

    this.addSql(`alter table "shop" add constraint "shop_currency_check" check (currency ~ '^[A-Z]{3}\$' and currency <> 'XTR');`);

    this.addSql(`alter table "setting" add constraint "setting_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);

    this.addSql(`alter table "receipt_counter" add constraint "receipt_counter_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);

    this.addSql(`alter table "provider_account" add constraint "provider_account_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);

    this.addSql(`alter table "photo" add constraint "photo_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "photo" add constraint "photo_bytes_check" check (octet_length(bytes) >= 1 and octet_length(bytes) <= 10485760);`);
    this.addSql(`alter table "photo" add constraint "photo_media_type_check" check ("media_type" in ('image/jpeg', 'image/png'));`);

    this.addSql(`alter table "pickup_point" add constraint "pickup_point_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "pickup_point" add constraint "pickup_point_photo_id_foreign" foreign key ("photo_id") references "photo" ("id") on delete set null;`);

    this.addSql(`alter table "customer" add constraint "customer_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);

    this.addSql(`alter table "order" add constraint "order_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "order" add constraint "order_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);
    this.addSql(`alter table "order" add constraint "order_total_check" check (total >= 0);`);
    this.addSql(`alter table "order" add constraint "order_stars_total_check" check (stars_total >= 0);`);
    this.addSql(`alter table "order" add constraint "order_tax_check" check (tax >= 0);`);
    this.addSql(`alter table "order" add constraint "order_hold_seconds_check" check (hold_seconds >= 1 and hold_seconds <= 3600);`);
    this.addSql(`alter table "order" add constraint "order_status_check" check ("status" in ('awaitingPayment', 'awaitingSettlement', 'paid', 'delivered', 'unfulfillable', 'refunded', 'expired', 'cancelled'));`);

    this.addSql(`alter table "payment" add constraint "payment_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "payment" add constraint "payment_order_id_foreign" foreign key ("order_id") references "order" ("id");`);
    this.addSql(`alter table "payment" add constraint "payment_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);
    this.addSql(`alter table "payment" add constraint "payment_account_id_foreign" foreign key ("account_id") references "provider_account" ("id") on delete set null;`);
    this.addSql(`alter table "payment" add constraint "payment_amount_check" check (amount >= 0);`);
    this.addSql(`alter table "payment" add constraint "payment_received_check" check (received >= 0);`);
    this.addSql(`alter table "payment" add constraint "payment_applied_check" check (applied >= 0 and applied <= received);`);
    this.addSql(`alter table "payment" add constraint "payment_status_check" check ("status" in ('pending', 'processing', 'settled', 'expired', 'failed', 'refunded'));`);

    this.addSql(`alter table "refund" add constraint "refund_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "refund" add constraint "refund_order_id_foreign" foreign key ("order_id") references "order" ("id");`);
    this.addSql(`alter table "refund" add constraint "refund_payment_id_foreign" foreign key ("payment_id") references "payment" ("id");`);
    this.addSql(`alter table "refund" add constraint "refund_amount_check" check (amount > 0);`);
    this.addSql(`alter table "refund" add constraint "refund_bonus_amount_check" check (bonus_amount >= 0);`);
    this.addSql(`alter table "refund" add constraint "refund_scope_check" check ("scope" in ('order', 'money'));`);
    this.addSql(`alter table "refund" add constraint "refund_status_check" check ("status" in ('requested', 'sent', 'succeeded', 'failed'));`);

    this.addSql(`alter table "receipt" add constraint "receipt_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "receipt" add constraint "receipt_order_id_foreign" foreign key ("order_id") references "order" ("id");`);
    this.addSql(`alter table "receipt" add constraint "receipt_refund_id_foreign" foreign key ("refund_id") references "refund" ("id") on delete set null;`);
    this.addSql(`alter table "receipt" add constraint "receipt_number_check" check (number > 0);`);
    this.addSql(`alter table "receipt" add constraint "receipt_total_check" check (total >= 0);`);
    this.addSql(`alter table "receipt" add constraint "receipt_tax_check" check (tax >= 0);`);
    this.addSql(`alter table "receipt" add constraint "receipt_kind_check" check ("kind" in ('receipt', 'creditNote'));`);

    this.addSql(`alter table "inbox" add constraint "inbox_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "inbox" add constraint "inbox_account_id_foreign" foreign key ("account_id") references "provider_account" ("id") on delete set null;`);
    this.addSql(`alter table "inbox" add constraint "inbox_order_id_foreign" foreign key ("order_id") references "order" ("id") on delete set null;`);
    this.addSql(`alter table "inbox" add constraint "inbox_refused" check (verdict = 'verified' or outcome = 'refused');`);
    this.addSql(`alter table "inbox" add constraint "inbox_source_check" check ("source" in ('webhook', 'update', 'asked'));`);
    this.addSql(`alter table "inbox" add constraint "inbox_verdict_check" check ("verdict" in ('verified', 'refused'));`);
    this.addSql(`alter table "inbox" add constraint "inbox_outcome_check" check ("outcome" in ('applied', 'duplicate', 'notOurs', 'suspense', 'refused'));`);
    this.addSql(`alter table "inbox" add constraint "inbox_place_check" check ("place" in ('order', 'wallet', 'back'));`);

    this.addSql(`alter table "basket" add constraint "basket_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);

    this.addSql(`alter table "category" add constraint "category_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);

    this.addSql(`alter table "product" add constraint "product_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "product" add constraint "product_category_id_foreign" foreign key ("category_id") references "category" ("id") on delete set null;`);
    this.addSql(`alter table "product" add constraint "product_pickup_point_id_foreign" foreign key ("pickup_point_id") references "pickup_point" ("id") on delete set null;`);
    this.addSql(`alter table "product" add constraint "product_photo_id_foreign" foreign key ("photo_id") references "photo" ("id") on delete set null;`);
    this.addSql(`alter table "product" add constraint "product_price_check" check (price >= 0);`);
    this.addSql(`alter table "product" add constraint "product_discount_percent_check" check (discount_percent >= 0 and discount_percent <= 100);`);
    this.addSql(`alter table "product" add constraint "product_tax_rate_check" check (tax_rate >= 0 and tax_rate <= 10000);`);
    this.addSql(`alter table "product" add constraint "product_stars_price_check" check (stars_price >= 0);`);
    this.addSql(`alter table "product" add constraint "product_customer_limit_check" check (customer_limit > 0);`);
    this.addSql(`alter table "product" add constraint "product_stock_mode_check" check ("stock_mode" in ('unique', 'counter', 'unlimited'));`);

    this.addSql(`alter table "order_line" add constraint "order_line_order_id_foreign" foreign key ("order_id") references "order" ("id");`);
    this.addSql(`alter table "order_line" add constraint "order_line_product_id_foreign" foreign key ("product_id") references "product" ("id");`);
    this.addSql(`alter table "order_line" add constraint "order_line_pickup_point_id_foreign" foreign key ("pickup_point_id") references "pickup_point" ("id") on delete set null;`);
    this.addSql(`alter table "order_line" add constraint "order_line_quantity_check" check (quantity >= 1 and quantity <= 1000);`);
    this.addSql(`alter table "order_line" add constraint "order_line_base_price_check" check (base_price >= 0);`);
    this.addSql(`alter table "order_line" add constraint "order_line_discount_percent_check" check (discount_percent >= 0 and discount_percent <= 100);`);
    this.addSql(`alter table "order_line" add constraint "order_line_price_check" check (price >= 0 and price <= base_price);`);
    this.addSql(`alter table "order_line" add constraint "order_line_stars_price_check" check (stars_price >= 0);`);
    this.addSql(`alter table "order_line" add constraint "order_line_tax_rate_check" check (tax_rate >= 0 and tax_rate <= 10000);`);
    this.addSql(`alter table "order_line" add constraint "order_line_tax_check" check (tax >= 0);`);

    this.addSql(`alter table "delivery" add constraint "delivery_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "delivery" add constraint "delivery_order_id_foreign" foreign key ("order_id") references "order" ("id");`);
    this.addSql(`alter table "delivery" add constraint "delivery_order_line_id_foreign" foreign key ("order_line_id") references "order_line" ("id");`);
    this.addSql(`alter table "delivery" add constraint "delivery_status_check" check ("status" in ('waiting', 'sending', 'sent', 'staffTask', 'handedOver', 'revoked'));`);

    this.addSql(`alter table "basket_line" add constraint "basket_line_basket_id_foreign" foreign key ("basket_id") references "basket" ("id");`);
    this.addSql(`alter table "basket_line" add constraint "basket_line_product_id_foreign" foreign key ("product_id") references "product" ("id");`);
    this.addSql(`alter table "basket_line" add constraint "basket_line_quantity_check" check (quantity >= 1 and quantity <= 1000);`);

    this.addSql(`alter table "audit" add constraint "audit_shop_id_foreign" foreign key ("shop_id") references "shop" ("id") on delete set null;`);

    this.addSql(`alter table "account" add constraint "account_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "account" add constraint "account_customer_id_foreign" foreign key ("customer_id") references "customer" ("id") on delete set null;`);
    this.addSql(`alter table "account" add constraint "account_order_id_foreign" foreign key ("order_id") references "order" ("id") on delete set null;`);
    this.addSql(`alter table "account" add constraint "account_running" check ((balance is null) = (owner = ''));`);
    this.addSql(`alter table "account" add constraint "account_balance_check" check (balance >= 0);`);
    this.addSql(`alter table "account" add constraint "account_grows_by_check" check ("grows_by" in ('credit', 'debit'));`);

    this.addSql(`alter table "staff" add constraint "staff_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "staff" add constraint "staff_role_check" check ("role" in ('owner', 'manager', 'support'));`);

    this.addSql(`alter table "transfer" add constraint "transfer_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "transfer" add constraint "transfer_debit_account_id_foreign" foreign key ("debit_account_id") references "account" ("id");`);
    this.addSql(`alter table "transfer" add constraint "transfer_credit_account_id_foreign" foreign key ("credit_account_id") references "account" ("id");`);
    this.addSql(`alter table "transfer" add constraint "transfer_order_id_foreign" foreign key ("order_id") references "order" ("id") on delete set null;`);
    this.addSql(`alter table "transfer" add constraint "transfer_two_accounts" check (debit_account_id <> credit_account_id);`);
    this.addSql(`alter table "transfer" add constraint "transfer_amount_check" check (amount > 0);`);

    this.addSql(`alter table "unit" add constraint "unit_product_id_foreign" foreign key ("product_id") references "product" ("id");`);
    this.addSql(`alter table "unit" add constraint "unit_order_line_id_foreign" foreign key ("order_line_id") references "order_line" ("id") on delete set null;`);
    this.addSql(`alter table "unit" add constraint "unit_state_line" check ((state in ('held', 'sold')) = (order_line_id is not null));`);
    this.addSql(`alter table "unit" add constraint "unit_state_check" check ("state" in ('free', 'held', 'sold', 'withdrawn'));`);

    this.addSql(`alter table "free_unit" add constraint "free_unit_product_id_foreign" foreign key ("product_id") references "product" ("id") on update cascade on delete cascade;`);
    this.addSql(`alter table "free_unit" add constraint "free_unit_unit_id_foreign" foreign key ("unit_id") references "unit" ("id") on update cascade on delete cascade;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "setting" drop constraint "setting_shop_id_foreign";`);
    this.addSql(`alter table "receipt_counter" drop constraint "receipt_counter_shop_id_foreign";`);
    this.addSql(`alter table "provider_account" drop constraint "provider_account_shop_id_foreign";`);
    this.addSql(`alter table "photo" drop constraint "photo_shop_id_foreign";`);
    this.addSql(`alter table "pickup_point" drop constraint "pickup_point_shop_id_foreign";`);
    this.addSql(`alter table "customer" drop constraint "customer_shop_id_foreign";`);
    this.addSql(`alter table "order" drop constraint "order_shop_id_foreign";`);
    this.addSql(`alter table "payment" drop constraint "payment_shop_id_foreign";`);
    this.addSql(`alter table "refund" drop constraint "refund_shop_id_foreign";`);
    this.addSql(`alter table "receipt" drop constraint "receipt_shop_id_foreign";`);
    this.addSql(`alter table "inbox" drop constraint "inbox_shop_id_foreign";`);
    this.addSql(`alter table "category" drop constraint "category_shop_id_foreign";`);
    this.addSql(`alter table "product" drop constraint "product_shop_id_foreign";`);
    this.addSql(`alter table "delivery" drop constraint "delivery_shop_id_foreign";`);
    this.addSql(`alter table "audit" drop constraint "audit_shop_id_foreign";`);
    this.addSql(`alter table "account" drop constraint "account_shop_id_foreign";`);
    this.addSql(`alter table "staff" drop constraint "staff_shop_id_foreign";`);
    this.addSql(`alter table "transfer" drop constraint "transfer_shop_id_foreign";`);
    this.addSql(`alter table "payment" drop constraint "payment_account_id_foreign";`);
    this.addSql(`alter table "inbox" drop constraint "inbox_account_id_foreign";`);
    this.addSql(`alter table "pickup_point" drop constraint "pickup_point_photo_id_foreign";`);
    this.addSql(`alter table "product" drop constraint "product_photo_id_foreign";`);
    this.addSql(`alter table "product" drop constraint "product_pickup_point_id_foreign";`);
    this.addSql(`alter table "order_line" drop constraint "order_line_pickup_point_id_foreign";`);
    this.addSql(`alter table "order" drop constraint "order_customer_id_foreign";`);
    this.addSql(`alter table "payment" drop constraint "payment_customer_id_foreign";`);
    this.addSql(`alter table "basket" drop constraint "basket_customer_id_foreign";`);
    this.addSql(`alter table "account" drop constraint "account_customer_id_foreign";`);
    this.addSql(`alter table "payment" drop constraint "payment_order_id_foreign";`);
    this.addSql(`alter table "refund" drop constraint "refund_order_id_foreign";`);
    this.addSql(`alter table "receipt" drop constraint "receipt_order_id_foreign";`);
    this.addSql(`alter table "inbox" drop constraint "inbox_order_id_foreign";`);
    this.addSql(`alter table "order_line" drop constraint "order_line_order_id_foreign";`);
    this.addSql(`alter table "delivery" drop constraint "delivery_order_id_foreign";`);
    this.addSql(`alter table "account" drop constraint "account_order_id_foreign";`);
    this.addSql(`alter table "transfer" drop constraint "transfer_order_id_foreign";`);
    this.addSql(`alter table "refund" drop constraint "refund_payment_id_foreign";`);
    this.addSql(`alter table "receipt" drop constraint "receipt_refund_id_foreign";`);
    this.addSql(`alter table "basket_line" drop constraint "basket_line_basket_id_foreign";`);
    this.addSql(`alter table "product" drop constraint "product_category_id_foreign";`);
    this.addSql(`alter table "order_line" drop constraint "order_line_product_id_foreign";`);
    this.addSql(`alter table "basket_line" drop constraint "basket_line_product_id_foreign";`);
    this.addSql(`alter table "unit" drop constraint "unit_product_id_foreign";`);
    this.addSql(`alter table "free_unit" drop constraint "free_unit_product_id_foreign";`);
    this.addSql(`alter table "delivery" drop constraint "delivery_order_line_id_foreign";`);
    this.addSql(`alter table "unit" drop constraint "unit_order_line_id_foreign";`);
    this.addSql(`alter table "transfer" drop constraint "transfer_debit_account_id_foreign";`);
    this.addSql(`alter table "transfer" drop constraint "transfer_credit_account_id_foreign";`);
    this.addSql(`alter table "free_unit" drop constraint "free_unit_unit_id_foreign";`);

    this.addSql(`drop table if exists "shop" cascade;`);
    this.addSql(`drop table if exists "setting" cascade;`);
    this.addSql(`drop table if exists "receipt_counter" cascade;`);
    this.addSql(`drop table if exists "provider_account" cascade;`);
    this.addSql(`drop table if exists "photo" cascade;`);
    this.addSql(`drop table if exists "pickup_point" cascade;`);
    this.addSql(`drop table if exists "customer" cascade;`);
    this.addSql(`drop table if exists "order" cascade;`);
    this.addSql(`drop table if exists "payment" cascade;`);
    this.addSql(`drop table if exists "refund" cascade;`);
    this.addSql(`drop table if exists "receipt" cascade;`);
    this.addSql(`drop table if exists "inbox" cascade;`);
    this.addSql(`drop table if exists "basket" cascade;`);
    this.addSql(`drop table if exists "category" cascade;`);
    this.addSql(`drop table if exists "product" cascade;`);
    this.addSql(`drop table if exists "order_line" cascade;`);
    this.addSql(`drop table if exists "delivery" cascade;`);
    this.addSql(`drop table if exists "basket_line" cascade;`);
    this.addSql(`drop table if exists "audit" cascade;`);
    this.addSql(`drop table if exists "account" cascade;`);
    this.addSql(`drop table if exists "staff" cascade;`);
    this.addSql(`drop table if exists "transfer" cascade;`);
    this.addSql(`drop table if exists "unit" cascade;`);
    this.addSql(`drop table if exists "free_unit" cascade;`);
  }

}
