import { Migration } from '@mikro-orm/migrations';

/** What is given instead of a faulty piece is given in a round of its own, and goes back when the money does before its customer has it. */
export class Migration20261127041000_replacement extends Migration {
  override up(): void {
    this.addSql(`alter table "delivery" add "round" int not null default 1;`);
    this.addSql(`alter table "claim" add "round" int null, add "taken_back_at" timestamptz null;`);
    // What was replaced before rounds were counted was given: whoever had it collected or saw it since.
    this.addSql(`update "claim" set "round" = 2 where "status" = 'replaced';`);
    this.addSql(`update "delivery" set "round" = 2 where "order_line_id" in (select "order_line_id" from "claim" where "status" = 'replaced');`);
    this.addSql(`alter table "claim" add constraint "claim_given_instead" check ((status = 'replaced') = (round is not null) and (round >= 2 or round is null));`);
    this.addSql(`alter table "claim" add constraint "claim_taken_back" check (taken_back_at is null or (round is not null and replacement_id is not null));`);
  }

  override down(): void {
    throw new Error('Claims are not taken down: restore a backup instead.');
  }
}
