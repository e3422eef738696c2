/** What a call to a provider about one payment takes, in one statement: every order paid by card makes such a call before its customer is answered. */
import type { Instructions } from '../../domain/payment.ts';
import { Deposit } from '../entities/deposit.ts';
import { Order, OrderLine } from '../entities/order.ts';
import { Payment } from '../entities/payment.ts';
import { ProviderAccount } from '../entities/provider-account.ts';
import { Shop } from '../entities/shop.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';
import { type Json, readRecord, readRecords } from '../records.ts';
import type { PlainPayment } from './order-rows.ts';

export interface PaymentCall {
  readonly payment: PlainPayment;
  readonly shop: Omit<Shop, 'webhookSecret' | 'texts'>;
  /** The customer's. */
  readonly language: string;
  /** The shop's account with the payment's provider, as it stands now; keys and the shop's token are sealed. */
  readonly account: ProviderAccount | undefined;
  /** What it pays: one of the two. */
  readonly order: (Order & { readonly lines: readonly OrderLine[] }) | undefined;
  readonly deposit: Deposit | undefined;
}

interface Found {
  readonly payment: Json;
  readonly shop: Json;
  readonly language: string;
  readonly account: Json | null;
  readonly order: Json | null;
  readonly lines: Json[] | null;
  readonly deposit: Json | null;
}

const call = `
  select to_jsonb(p) - '{units,units_received,units_least,rate}'::text[] as payment,
         (select to_jsonb(s) - '{webhook_secret,texts}'::text[] from shop s where s.id = p.shop_id) as shop,
         (select c.language from customer c where c.id = p.customer_id) as language,
         (select to_jsonb(a) from provider_account a where a.shop_id = p.shop_id and a.provider = p.provider) as account,
         (select to_jsonb(o) from "order" o where o.id = p.order_id) as "order",
         (select jsonb_agg(to_jsonb(l) order by l.position) from order_line l where l.order_id = p.order_id) as lines,
         (select to_jsonb(d) from deposit d where d.id = p.deposit_id) as deposit
    from payment p where p.id = $1`;

/** @throws Error when there is no such payment */
export async function readPaymentCall(em: EntityManager, paymentId: string): Promise<PaymentCall> {
  const [found] = await run<Found>(em, call, [paymentId]);
  if (!found) throw new Error(`There is no payment ${paymentId}`);
  return {
    payment: readRecord(em, Payment, found.payment),
    shop: readRecord(em, Shop, found.shop),
    language: found.language,
    account: found.account ? readRecord(em, ProviderAccount, found.account) : undefined,
    order: found.order ? { ...readRecord(em, Order, found.order), lines: readRecords(em, OrderLine, found.lines) } : undefined,
    deposit: found.deposit ? readRecord(em, Deposit, found.deposit) : undefined,
  };
}

/** What a provider answered to `open`; the units only where it is paid in coins. */
export interface OpenedPayment {
  readonly paymentId: string;
  readonly instructions: Instructions;
  readonly providerObject: string | null;
  /** Asked, and the fewest that settle an order. */
  readonly units: string | null;
  readonly unitsLeast: string | null;
  /** What a unit was worth in the payment's currency at `rateAt`. */
  readonly rate: string | null;
  readonly rateAt: Date | null;
}

const keep = `
  with opened as (
    update payment set instructions = $2::jsonb, provider_object = $3, units = $4::numeric, units_least = $5::numeric, rate = $6::numeric, rate_at = $7
     where id = $1 and status = 'pending' and instructions is null)
  select exists (select from method_health h join payment p on p.shop_id = h.shop_id and p.method = h.method where p.id = $1) as troubled`;

/** Keeps what the customer does now, once. @returns whether openings by this method failed before, or it is hidden for that */
export async function keepInstructions(em: EntityManager, opened: OpenedPayment): Promise<{ readonly troubled: boolean }> {
  const { paymentId, instructions, providerObject, units, unitsLeast, rate, rateAt } = opened;
  const values = [paymentId, JSON.stringify(instructions), providerObject, units, unitsLeast, rate, rateAt];
  const [kept] = await run<{ troubled: boolean }>(em, keep, values);
  return { troubled: kept?.troubled ?? false };
}
