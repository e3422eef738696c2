import { Migration } from '@mikro-orm/migrations';

/** Deposits by the chains of coins: account keys, addresses, the cursor, and what pays to addresses of ours. */
export class Migration20261126184000_chain extends Migration {
  override up(): void {
    this.addSql(`create table "chain_block" ("coin" text not null, "height" int not null, "hash" text not null, "previous_hash" text not null, primary key ("coin", "height"));`);

    this.addSql(`create table "chain_input" ("coin" text not null, "spent_txid" text not null, "spent_vout" bigint not null, "txid" text not null, primary key ("coin", "spent_txid", "spent_vout", "txid"));`);

    this.addSql(`create table "chain_watch" ("coin" text not null, "height" int not null, "hash" text not null, "checked_at" timestamptz null, primary key ("coin"));`);

    this.addSql(`create table "chain_key" ("id" bigserial primary key, "shop_id" bigint not null, "coin" text not null, "network" text not null, "script_type" text not null, "key" bytea not null, "fingerprint" text not null, "next_index" int not null default 0, "added_at" timestamptz not null, "confirmed_at" timestamptz null, "confirmed_by" text null, "retired_at" timestamptz null);`);
    this.addSql(`alter table "chain_key" add constraint "chain_key_fingerprint_unique" unique ("fingerprint");`);
    this.addSql(`create unique index "chain_key_serving" on "chain_key" ("shop_id", "coin") where confirmed_at is not null and retired_at is null;`);
    this.addSql(`create unique index "chain_key_unconfirmed" on "chain_key" ("shop_id", "coin") where confirmed_at is null;`);

    this.addSql(`create table "chain_address" ("id" bigserial primary key, "key_id" bigint not null, "shop_id" bigint not null, "customer_id" bigint not null, "coin" text not null, "address_index" int not null, "address" text not null, "script" bytea not null, "shown_at" timestamptz not null, "used_at" timestamptz null, "quote_rate" text null, "quote_rate_at" timestamptz null, "quoted_until" timestamptz null);`);
    this.addSql(`create index "chain_address_customer_id_index" on "chain_address" ("customer_id");`);
    this.addSql(`create index "chain_address_coin_shown_at_index" on "chain_address" ("coin", "shown_at");`);
    this.addSql(`alter table "chain_address" add constraint "chain_address_script" unique ("coin", "script");`);
    this.addSql(`alter table "chain_address" add constraint "chain_address_index" unique ("key_id", "address_index");`);
    this.addSql(`alter table "chain_address" add constraint "chain_address_of_customer" unique ("key_id", "customer_id");`);

    this.addSql(`create table "chain_output" ("id" bigserial primary key, "coin" text not null, "txid" text not null, "vout" int not null, "address_id" bigint not null, "shop_id" bigint not null, "customer_id" bigint not null, "units" bigint not null, "state" text not null, "first_seen_at" timestamptz not null, "block_height" int null, "block_hash" text null, "orphaned_at" timestamptz null, "spent_height" int null, "value" bigint null, "rate" text null, "rate_at" timestamptz null, "required" int null, "deposit_id" bigint null, "told" text null, "words" int not null default 0);`);
    this.addSql(`alter table "chain_output" add constraint "chain_output_deposit_id_unique" unique ("deposit_id");`);
    this.addSql(`create index "chain_output_block" on "chain_output" ("coin", "block_hash");`);
    this.addSql(`create index "chain_output_address" on "chain_output" ("address_id");`);
    this.addSql(`create index "chain_output_open" on "chain_output" ("coin") where value is distinct from 0 and (coalesce(told, 'untold') || ' ' || state) not in ('settled mined', 'reinstated mined', 'failed gone', 'failed orphaned', 'withdrawn gone', 'withdrawn orphaned');`);
    this.addSql(`alter table "chain_output" add constraint "chain_output_once" unique ("coin", "txid", "vout");`);

    this.addSql(`alter table "deposit" add "chain_output" text null;`);
    this.addSql(`alter table "deposit" add constraint "deposit_chain_output_unique" unique ("chain_output");`);

    this.addSql(`alter table "chain_block" add constraint "chain_block_coin_check" check ("coin" in ('btc', 'ltc'));`);

    this.addSql(`alter table "chain_input" add constraint "chain_input_coin_check" check ("coin" in ('btc', 'ltc'));`);

    this.addSql(`alter table "chain_watch" add constraint "chain_watch_height_check" check (height >= 0);`);
    this.addSql(`alter table "chain_watch" add constraint "chain_watch_coin_check" check ("coin" in ('btc', 'ltc'));`);

    this.addSql(`alter table "chain_key" add constraint "chain_key_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "chain_key" add constraint "chain_key_next_index_check" check (next_index >= 0);`);
    this.addSql(`alter table "chain_key" add constraint "chain_key_coin_check" check ("coin" in ('btc', 'ltc'));`);
    this.addSql(`alter table "chain_key" add constraint "chain_key_network_check" check ("network" in ('main', 'test', 'regtest'));`);
    this.addSql(`alter table "chain_key" add constraint "chain_key_script_type_check" check ("script_type" in ('legacy', 'p2sh-segwit', 'segwit'));`);

    this.addSql(`alter table "chain_address" add constraint "chain_address_key_id_foreign" foreign key ("key_id") references "chain_key" ("id");`);
    this.addSql(`alter table "chain_address" add constraint "chain_address_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "chain_address" add constraint "chain_address_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);
    this.addSql(`alter table "chain_address" add constraint "chain_address_address_index_check" check (address_index >= 0);`);
    this.addSql(`alter table "chain_address" add constraint "chain_address_coin_check" check ("coin" in ('btc', 'ltc'));`);

    this.addSql(`alter table "chain_output" add constraint "chain_output_address_id_foreign" foreign key ("address_id") references "chain_address" ("id");`);
    this.addSql(`alter table "chain_output" add constraint "chain_output_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "chain_output" add constraint "chain_output_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);
    this.addSql(`alter table "chain_output" add constraint "chain_output_deposit_id_foreign" foreign key ("deposit_id") references "deposit" ("id") on delete no action;`);
    this.addSql(`alter table "chain_output" add constraint "chain_output_mined" check ((state = 'mined') = (block_height is not null and block_hash is not null));`);
    this.addSql(`alter table "chain_output" add constraint "chain_output_units_check" check (units > 0);`);
    this.addSql(`alter table "chain_output" add constraint "chain_output_coin_check" check ("coin" in ('btc', 'ltc'));`);
    this.addSql(`alter table "chain_output" add constraint "chain_output_state_check" check ("state" in ('mempool', 'mined', 'orphaned', 'gone'));`);
    this.addSql(`alter table "chain_output" add constraint "chain_output_told_check" check ("told" in ('seen', 'confirming', 'settled', 'failed', 'withdrawn', 'reinstated'));`);

    // An address that was shown is its customer's for ever: the application may neither take it away nor give it to another.
    this.addSql(`grant select, insert, update (shown_at, used_at, quote_rate, quote_rate_at, quoted_until) on "chain_address" to tillflow_app;`);
    this.addSql(`grant select, insert, update on "chain_output" to tillflow_app;`);
    this.addSql(`grant select, insert, update, delete on "chain_key", "chain_watch", "chain_block", "chain_input" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "chain_key_id_seq", "chain_address_id_seq", "chain_output_id_seq" to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Account keys and what came to their addresses are not taken down: restore a backup instead.');
  }
}
