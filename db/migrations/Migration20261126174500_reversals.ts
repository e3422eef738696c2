import { Migration } from '@mikro-orm/migrations';

/** Money that providers take back; and what they say of money we have not heard of yet is found again when it comes. */
export class Migration20261126174500_reversals extends Migration {
  override up(): void {
    this.addSql(`create table "reversal" ("id" bigserial primary key, "shop_id" bigint not null, "payment_id" text not null, "order_id" bigint null, "deposit_id" bigint null, "provider" text not null, "object_id" text not null, "kind" text not null, "amount" bigint not null default '0', "loss" bigint not null default '0', "currency" text not null, "blocks" boolean not null default false, "opened_at" timestamptz not null, "taken_at" timestamptz null, "returned_at" timestamptz null, "cleared_at" timestamptz null, "lost_at" timestamptz null, "told" text null);`);
    this.addSql(`create index "reversal_payment_id_index" on "reversal" ("payment_id");`);
    this.addSql(`create index "reversal_order_id_index" on "reversal" ("order_id");`);
    this.addSql(`create index "reversal_deposit_id_index" on "reversal" ("deposit_id");`);
    this.addSql(`alter table "reversal" add constraint "reversal_once" unique ("provider", "shop_id", "object_id");`);
    this.addSql(`alter table "inbox" add "money_object" text null;`);
    this.addSql(`create index "inbox_unnamed" on "inbox" ("provider", "money_object") where money_object is not null and payment_id is null;`);
    this.addSql(`alter table "reversal" add constraint "reversal_shop_id_foreign" foreign key ("shop_id") references "shop" ("id");`);
    this.addSql(`alter table "reversal" add constraint "reversal_payment_id_foreign" foreign key ("payment_id") references "payment" ("id");`);
    this.addSql(`alter table "reversal" add constraint "reversal_order_id_foreign" foreign key ("order_id") references "order" ("id") on delete no action;`);
    this.addSql(`alter table "reversal" add constraint "reversal_deposit_id_foreign" foreign key ("deposit_id") references "deposit" ("id") on delete no action;`);
    this.addSql(`alter table "reversal" add constraint "reversal_amount_check" check (amount >= 0);`);
    this.addSql(`alter table "reversal" add constraint "reversal_loss_check" check (loss >= 0 and loss <= amount);`);
    this.addSql(`alter table "reversal" add constraint "reversal_kind_check" check ("kind" in ('dispute', 'warning', 'refund'));`);
    this.addSql(`grant select, insert, update on "reversal" to tillflow_app;`);
    this.addSql(`grant usage, select on sequence "reversal_id_seq" to tillflow_app;`);

    // As it was, and what names its money only is about the payment that this money paid.
    this.addSql(
      `drop function receive_event(bigint, text, bytea, bigint, text, text, text, text, text, text, text, bigint, text, boolean, timestamptz, timestamptz, bytea, jsonb, jsonb);`,
    );
    this.addSql(`
      create function receive_event(
        p_account_id bigint, p_endpoint_id text, p_keys bytea, p_shop_id bigint, p_provider text, p_event_id text, p_type text, p_reason text,
        p_kind text, p_object_id text, p_payment_id text, p_amount bigint, p_currency text, p_live_mode boolean, p_provider_at timestamptz,
        p_received_at timestamptz, p_body bytea, p_headers jsonb, p_coins jsonb, p_money_object text)
      returns table (inbox_id bigint, is_fresh boolean, is_waiting boolean, about_noun text, about_code text) language plpgsql as $$
      declare
        paid payment%rowtype;
        told inbox%rowtype;
        named text;
        outcome_now text;
        outcome_why text;
      begin
        -- What verified the event is what the account has now: no row is the answer when it changed, and the caller reads it again.
        perform 1 from provider_account a
          where a.id = p_account_id and a.shop_id = p_shop_id and a.endpoint_id = p_endpoint_id and a.keys is not distinct from p_keys;
        if not found then return; end if;

        -- What concerns one object of money is stored one after the other: a dispute finds the money it is about, or the money finds the dispute.
        if p_payment_id is not null or p_money_object is not null then
          perform pg_advisory_xact_lock(hashtextextended(p_provider || ':' || p_shop_id || ':' || coalesce(p_money_object, p_object_id), 7447));
        end if;
        named := p_payment_id;
        if named is null and p_money_object is not null then
          select i.payment_id into named from inbox i
           where i.provider = p_provider and i.object_id = p_money_object and i.shop_id = p_shop_id and i.verdict = 'verified'
             and i.payment_id is not null
           order by i.id limit 1;
        end if;

        -- Other systems may use the same account: what names no payment of ours is kept and moves nothing. Money for a payment we do not
        -- know is a matter of its own workflow; anything else about it is nothing of ours.
        if named is null then
          outcome_now := 'notOurs';
          outcome_why := 'names no payment';
        else
          select * into paid from payment p where p.id = named and p.shop_id = p_shop_id;
          if paid.id is null and p_kind <> 'settled' then
            outcome_now := 'notOurs';
            outcome_why := 'names a payment this shop does not have';
          end if;
        end if;

        -- Providers tell one thing by several events. Money an earlier row tells alike, and the end of a payment that has ended, are known,
        -- so that nobody is rung for them.
        if outcome_now is null
           and ((p_kind = 'settled' and exists (
                   select from inbox e
                    where e.provider = p_provider and e.object_id = p_object_id and e.shop_id = p_shop_id and e.kind = p_kind
                      and e.verdict = 'verified' and e.payment_id = p_payment_id and e.amount = p_amount and e.currency = p_currency
                      and e.account_id is not distinct from p_account_id and e.live_mode is not distinct from p_live_mode))
                or (p_kind = 'failed' and paid.provider = p_provider and paid.status not in ('pending', 'processing'))) then
          outcome_now := 'duplicate';
          outcome_why := 'known before it was told';
        end if;

        insert into inbox (shop_id, provider, account_id, source, event_id, type, verdict, reason, outcome, outcome_reason, kind, object_id,
                           payment_id, order_id, deposit_id, amount, currency, live_mode, provider_at, received_at, applied_at, body, headers, coins,
                           money_object)
        values (p_shop_id, p_provider, p_account_id, 'webhook', p_event_id, p_type, 'verified', p_reason, outcome_now, outcome_why, p_kind,
                p_object_id, named, paid.order_id, paid.deposit_id, p_amount, p_currency, p_live_mode, p_provider_at, now(),
                case outcome_now when 'duplicate' then p_received_at end, p_body, p_headers, p_coins,
                p_money_object)
        on conflict (provider, shop_id, event_id, verdict) do nothing
        returning * into told;
        is_fresh := told.id is not null;
        if not is_fresh then
          select * into strict told from inbox i
           where i.provider = p_provider and i.shop_id = p_shop_id and i.event_id = p_event_id and i.verdict = 'verified';
        end if;
        inbox_id := told.id;
        is_waiting := told.outcome is null;
        if is_waiting and told.order_id is not null then
          about_noun := 'order';
          select o.code into about_code from "order" o where o.id = told.order_id;
        elsif is_waiting and told.deposit_id is not null then
          about_noun := 'deposit';
          select d.code into about_code from deposit d where d.id = told.deposit_id;
        end if;
        return next;
      end $$;`);
    this.addSql(
      `grant execute on function receive_event(bigint, text, bytea, bigint, text, text, text, text, text, text, text, bigint, text, boolean, timestamptz, timestamptz, bytea, jsonb, jsonb, text) to tillflow_app;`,
    );

    // A dispute may be told before the money it is about: it becomes the payment's when that is told, by whomever.
    this.addSql(`
      create function name_unnamed() returns trigger language plpgsql as $$
      begin
        perform pg_advisory_xact_lock(hashtextextended(new.provider || ':' || new.shop_id || ':' || new.object_id, 7447));
        update inbox set payment_id = new.payment_id, order_id = new.order_id, deposit_id = new.deposit_id, outcome = null, outcome_reason = null
         where provider = new.provider and money_object = new.object_id and money_object is not null and payment_id is null
           and shop_id = new.shop_id and verdict = 'verified' and outcome = 'notOurs';
        return null;
      end $$;`);
    this.addSql(`
      create trigger name_unnamed after insert on "inbox" for each row
      when (new.kind = 'settled' and new.verdict = 'verified' and (new.order_id is not null or new.deposit_id is not null))
      execute function name_unnamed();`);
  }

  override down(): void {
    throw new Error('Reversals are not taken down: restore a backup instead.');
  }
}
