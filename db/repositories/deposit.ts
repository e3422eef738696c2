/** Deposits as people see them, and where they are shown. Their steps change them in activities only. */
import { type Coin, toCoinUnits } from '../../domain/chain.ts';
import type { ChainDepositView, DepositStatus, DepositView } from '../../domain/deposit.ts';
import type { MethodName } from '../../domain/payment.ts';
import { Deposit } from '../entities/deposit.ts';
import { Payment } from '../entities/payment.ts';
import { Refund } from '../entities/refund.ts';
import { Shop } from '../entities/shop.ts';
import { moneyKey } from '../../domain/ledger.ts';
import type { EntityManager } from '../orm.ts';
import { run } from '../prepared.ts';

export interface FoundDeposit {
  readonly view: DepositView;
  readonly deposit: Deposit;
  readonly shop: Shop;
}

/** A deposit by its code (without the dash), with its shop. */
export async function findDepositView(em: EntityManager, code: string): Promise<FoundDeposit | undefined> {
  const deposit = await em.findOne(Deposit, { code }, { refresh: true });
  if (!deposit) return undefined;
  const payment = await em.findOneOrFail(Payment, { depositId: deposit.id }, { refresh: true });
  const shop = await em.findOneOrFail(Shop, { id: deposit.shopId });
  const { shopId, customerId, method, amount, credited, debtPaid, reversed, currency, version, language } = deposit;
  const status = deposit.status as DepositStatus;
  const endedBy = deposit.endedBy ?? null;
  const instructions = payment.instructions ?? null;
  const expiresAt = deposit.expiresAt.getTime();
  const refund = payment.currency === 'XTR' ? await em.findOne(Refund, { depositId: deposit.id, scope: 'order' }, { refresh: true }) : null;
  const view = {
    code,
    shopId,
    customerId,
    status,
    method,
    amount,
    credited,
    debtPaid,
    reversed,
    givenBack: refund?.status ?? null,
    currency,
    version,
    language,
    endedBy,
    instructions,
    chain: deposit.chainOutput == null ? null : await readOutput(em, deposit.id),
    expiresAt,
  };
  return { view, deposit, shop };
}

async function readOutput(em: EntityManager, depositId: number): Promise<ChainDepositView | null> {
  const [row] = await run<{ coin: Coin; units: string; required: number }>(
    em,
    'select coin, units::text, required from chain_output where deposit_id = $1',
    [depositId],
  );
  return row ? { ...row, units: toCoinUnits(BigInt(row.units)) } : null;
}

/** A deposit in a list. Amounts in minor units. */
export interface ListedDeposit {
  readonly code: string;
  readonly shop: string;
  readonly status: DepositStatus;
  readonly method: MethodName;
  readonly amount: number;
  readonly credited: number;
  readonly currency: string;
  readonly openedAt: number;
}

/** The newest deposits, of one shop or in one status when wished. */
export async function listDeposits(
  em: EntityManager,
  { slug, status, limit }: { slug?: string | undefined; status?: DepositStatus | undefined; limit: number },
): Promise<ListedDeposit[]> {
  const shops = await em.find(Shop, slug === undefined ? {} : { slug });
  const rows = await em.find(
    Deposit,
    { shopId: { $in: shops.map(({ id }) => id) }, ...(status === undefined ? {} : { status }) },
    { orderBy: { openedAt: 'desc', id: 'desc' }, limit },
  );
  return rows.map(({ code, shopId, status: now, method, amount, credited, currency, openedAt }) => ({
    code,
    shop: shops.find(({ id }) => id === shopId)?.slug ?? '',
    status: now as DepositStatus,
    method,
    amount,
    credited,
    currency,
    openedAt: openedAt.getTime(),
  }));
}

/** Notes that the deposit's message shows it at `version`; `messageId` is null when the message of before was edited. */
export async function markDepositDrawn(
  em: EntityManager,
  { depositId, version, chatId, messageId }: { depositId: number; version: number; chatId: number; messageId: number | null },
): Promise<void> {
  await run(
    em,
    `update deposit set screen_version = greatest(screen_version, $2), screen_chat_id = $3, screen_message_id = coalesce($4, screen_message_id)
      where id = $1`,
    [depositId, version, chatId, messageId],
  );
}

/** The part of a provider's money that paid a debt when it came. */
export async function readDebtPaid(em: EntityManager, money: Parameters<typeof moneyKey>[0]): Promise<number> {
  const [row] = await run<{ amount: string }>(em, 'select amount from transfer where key = $1', [`${moneyKey(money)}#debt`]);
  return Number(row?.amount ?? 0);
}
