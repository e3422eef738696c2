import { Migration } from '@mikro-orm/migrations';

/** Badges: once, and kept. */
export class Migration20261126182000_achievement extends Migration {
  override up(): void {
    this.addSql(`create table "achievement" ("customer_id" bigint not null, "name" text not null, "shop_id" bigint not null, "awarded_at" timestamptz not null default now(), primary key ("customer_id", "name"));`);
    this.addSql(`alter table "achievement" add constraint "achievement_customer_id_foreign" foreign key ("customer_id") references "customer" ("id");`);
    this.addSql(`alter table "achievement" add constraint "achievement_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "achievement" add constraint "achievement_name_check" check ("name" in ('firstPurchase', 'firstTopUp', 'firstFriend', 'tenFriends', 'bigSpender', 'silver', 'gold', 'platinum', 'diamond'));`);

    // What was earned before there were badges: nobody is told of it.
    this.addSql(
      `insert into "achievement" ("customer_id", "shop_id", "name")
         select distinct referrer_id, shop_id, 'firstFriend' from referral
         union all select referrer_id, shop_id, 'tenFriends' from referral group by referrer_id, shop_id having count(*) >= 10
         union all select distinct customer_id, shop_id, 'firstTopUp' from deposit where credited > 0
         union all select distinct customer_id, shop_id, 'firstPurchase' from "order" where status in ('paid', 'delivered');`,
    );
    this.addSql(`grant select, insert on "achievement" to tillflow_app;`);
  }

  override down(): void {
    throw new Error('Badges are not taken down: restore a backup instead.');
  }
}
