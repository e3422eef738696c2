/** Payments as whoever pays follows them: one statement, for one or for all that are watched. */
import { type NetworkCoin, networkCoinOf } from '../../domain/coin.ts';
import type { DepositStatus } from '../../domain/deposit.ts';
import type { OrderStatus } from '../../domain/order.ts';
import type { Instructions, MethodName, Payable, PaymentStatus } from '../../domain/payment.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

/** Amounts in minor units of `currency`, times in ms since epoch. */
export interface PaymentState {
  readonly id: string;
  readonly shopId: number;
  readonly customerId: number;
  readonly method: MethodName;
  /** The coin it is paid in; null for money. */
  readonly coin: NetworkCoin | null;
  readonly status: PaymentStatus;
  readonly amount: number;
  readonly currency: string;
  readonly instructions: Instructions | null;
  readonly expiresAt: number;
  readonly pays: Payable & { readonly status: OrderStatus | DepositStatus };
  /** Of the order or deposit; rises with what people should see. */
  readonly version: number;
  /** The customer chose another method: this attempt is over. */
  readonly replaced: boolean;
}

interface Row {
  id: string;
  shop_id: string;
  customer_id: string;
  method: MethodName;
  coin: string | null;
  network: string | null;
  status: PaymentStatus;
  amount: string;
  currency: string;
  instructions: Instructions | null;
  noun: Payable['noun'];
  code: string;
  pays_status: OrderStatus | DepositStatus;
  expires_at: string;
  version: number;
  replaced: boolean;
}

const columns = `p.id, p.shop_id, p.customer_id, p.method, p.coin, p.network, p.status, p.amount, p.currency, p.instructions,
  case when p.order_id is null then 'deposit' else 'order' end as noun, coalesce(o.code, d.code) as code,
  coalesce(o.status, d.status) as pays_status, floor(extract(epoch from coalesce(o.hold_ends_at, d.expires_at)) * 1000)::text as expires_at, coalesce(o.version, d.version) as version,
  exists (select from payment later where later.order_id = p.order_id and later.attempt > p.attempt) as replaced`;
const joins = 'payment p left join "order" o on o.id = p.order_id left join deposit d on d.id = p.deposit_id';

function toState(row: Row): PaymentState {
  const { id, method, status, currency, instructions, noun, code, version, replaced } = row;
  return {
    id,
    shopId: Number(row.shop_id),
    customerId: Number(row.customer_id),
    method,
    coin: networkCoinOf(row.coin, row.network) ?? null,
    status,
    amount: Number(row.amount),
    currency,
    instructions,
    expiresAt: Number(row.expires_at),
    pays: { noun, code, status: row.pays_status },
    version,
    replaced,
  };
}

/** Those there are, in no order. */
export async function readPaymentStates(em: EntityManager, ids: readonly string[]): Promise<PaymentState[]> {
  return (await run<Row>(em, `select ${columns} from ${joins} where p.id = any($1::text[])`, [ids])).map(toState);
}

/** The attempt in force of an order or a deposit, by its code. */
export async function findPaymentOf(em: EntityManager, { noun, code }: Payable): Promise<PaymentState | undefined> {
  const [row] = await run<Row>(
    em,
    `select ${columns} from ${joins} where ${noun === 'order' ? 'o' : 'd'}.code = $1 order by p.attempt desc limit 1`,
    [code],
  );
  return row && toState(row);
}
