import { Migration } from '@mikro-orm/migrations';

/**
 * Payments in coins: what was asked and what came, in units; what providers say of coins; and deposits that are confirmed and wait for the
 * provider's last word.
 */
export class Migration20261126172000_coins extends Migration {
  override up(): void {
    this.addSql(
      `alter table "payment" add "price_amount" bigint null, add "price_currency" text null, add "coin" text null, add "network" text null, add "units" numeric null, add "units_received" numeric null, add "rate" numeric null, add "rate_at" timestamptz null;`,
    );
    this.addSql(`alter table "inbox" add "coins" jsonb null;`);
    this.addSql(`drop index "deposit_open";`);
    this.addSql(`alter table "deposit" drop constraint "deposit_status_check";`);
    this.addSql(`create index "deposit_open" on "deposit" ("status") where status in ('opened', 'waiting', 'seen', 'confirming');`);
    this.addSql(`alter table "deposit" add constraint "deposit_status_check" check ("status" in ('opened', 'waiting', 'seen', 'confirming', 'credited', 'partial', 'expired', 'rejected', 'reversed'));`);
    this.addSql(`
      create or replace function deposit_status_change() returns trigger language plpgsql as $$
      begin
        if old.status <> new.status and not (
             (old.status = 'opened' and new.status in ('waiting', 'seen', 'confirming', 'credited', 'partial', 'expired', 'rejected', 'reversed'))
          or (old.status = 'waiting' and new.status in ('seen', 'confirming', 'credited', 'partial', 'expired', 'reversed'))
          or (old.status = 'seen' and new.status in ('waiting', 'confirming', 'credited', 'partial', 'expired', 'reversed'))
          or (old.status = 'confirming' and new.status in ('waiting', 'seen', 'credited', 'partial', 'expired', 'reversed'))
          or (old.status = 'credited' and new.status = 'reversed')
          or (old.status = 'partial' and new.status in ('credited', 'reversed'))
          or (old.status = 'reversed' and new.status in ('credited', 'partial'))
          or (old.status in ('expired', 'rejected') and new.status in ('credited', 'partial', 'reversed'))) then
          raise exception 'deposit % may not go from % to %', new.code, old.status, new.status using errcode = 'check_violation';
        end if;
        if (old.amount, old.currency, old.customer_id, old.shop_id, old.code) is distinct from (new.amount, new.currency, new.customer_id, new.shop_id, new.code) then
          raise exception 'deposit % is frozen', new.code using errcode = 'check_violation';
        end if;
        return new;
      end $$;`);

    // As it was, and it keeps what was said of coins.
    this.addSql(
      `drop function receive_event(bigint, text, bytea, bigint, text, text, text, text, text, text, text, bigint, text, boolean, timestamptz, timestamptz, bytea, jsonb);`,
    );
    this.addSql(`
      create function receive_event(
        p_account_id bigint, p_endpoint_id text, p_keys bytea, p_shop_id bigint, p_provider text, p_event_id text, p_type text, p_reason text,
        p_kind text, p_object_id text, p_payment_id text, p_amount bigint, p_currency text, p_live_mode boolean, p_provider_at timestamptz,
        p_received_at timestamptz, p_body bytea, p_headers jsonb, p_coins jsonb)
      returns table (inbox_id bigint, is_fresh boolean, is_waiting boolean, about_noun text, about_code text) language plpgsql as $$
      declare
        paid payment%rowtype;
        told inbox%rowtype;
        outcome_now text;
        outcome_why text;
      begin
        -- What verified the event is what the account has now: no row is the answer when it changed, and the caller reads it again.
        perform 1 from provider_account a
          where a.id = p_account_id and a.shop_id = p_shop_id and a.endpoint_id = p_endpoint_id and a.keys is not distinct from p_keys;
        if not found then return; end if;

        -- Other systems may use the same account: what names no payment of ours is kept and moves nothing. Money for a payment we do not
        -- know is a matter of its own workflow; anything else about it is nothing of ours.
        if p_payment_id is null then
          outcome_now := 'notOurs';
          outcome_why := 'names no payment';
        else
          select * into paid from payment p where p.id = p_payment_id and p.shop_id = p_shop_id;
          if paid.id is null and p_kind <> 'settled' then
            outcome_now := 'notOurs';
            outcome_why := 'names a payment this shop does not have';
          end if;
        end if;

        -- Providers tell one thing by several events. Money an earlier row tells alike, and the end of a payment that has ended, are known,
        -- so that nobody is rung for them. Two that come in the same instant are stored one after the other.
        if outcome_now is null then
          perform pg_advisory_xact_lock(hashtextextended(p_provider || ':' || p_shop_id || ':' || p_object_id, 7447));
          if (p_kind = 'settled' and exists (
                select from inbox e
                 where e.provider = p_provider and e.object_id = p_object_id and e.shop_id = p_shop_id and e.kind = p_kind
                   and e.verdict = 'verified' and e.payment_id = p_payment_id and e.amount = p_amount and e.currency = p_currency
                   and e.account_id is not distinct from p_account_id and e.live_mode is not distinct from p_live_mode))
             or (p_kind = 'failed' and paid.provider = p_provider and paid.status not in ('pending', 'processing')) then
            outcome_now := 'duplicate';
            outcome_why := 'known before it was told';
          end if;
        end if;

        insert into inbox (shop_id, provider, account_id, source, event_id, type, verdict, reason, outcome, outcome_reason, kind, object_id,
                           payment_id, order_id, deposit_id, amount, currency, live_mode, provider_at, received_at, applied_at, body, headers, coins)
        values (p_shop_id, p_provider, p_account_id, 'webhook', p_event_id, p_type, 'verified', p_reason, outcome_now, outcome_why, p_kind,
                p_object_id, p_payment_id, paid.order_id, paid.deposit_id, p_amount, p_currency, p_live_mode, p_provider_at, now(),
                case outcome_now when 'duplicate' then p_received_at end, p_body, p_headers, p_coins)
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
      `grant execute on function receive_event(bigint, text, bytea, bigint, text, text, text, text, text, text, text, bigint, text, boolean, timestamptz, timestamptz, bytea, jsonb, jsonb) to tillflow_app;`,
    );
  }

  override down(): void {
    throw new Error('Payments in coins are not taken down: restore a backup instead.');
  }
}
