/** Deposits of a test world: acts of people and providers, and every way a deposit ends. */
import { expect } from 'vitest';
import type { Customer } from '../../db/entities/customer.ts';
import { findDepositView } from '../../db/repositories/deposit.ts';
import { readWallet } from '../../db/repositories/ledger.ts';
import { depositPaymentId, type DepositView } from '../../domain/deposit.ts';
import { valueOfUnits } from '../../domain/rate.ts';
import { askCoinOffers } from '../../temporal/coin-offer.ts';
import { cancelDeposit, openDeposit, restartDeposit } from '../../temporal/deposit.ts';
import { isRunning } from '../../temporal/visibility.ts';
import { coinOffersWorkflowId } from '../../workflows/messages/coin-offer.ts';
import { adjustWallet } from '../../temporal/adjustment.ts';
import { adjustmentWorkflowId } from '../../workflows/messages/adjustment.ts';
import { type DepositAnswer, depositWorkflowId, type OpenDeposit } from '../../workflows/messages/deposit.ts';
import { strayWorkflowId } from '../../workflows/messages/stray.ts';
import { renewQuotes } from './coins.ts';
import { type Ending, ended, resultOf } from './ending.ts';
import { newCode } from './shop.ts';
import { mayLoseAnswers, untilAnswered, waitFor, withPatience } from './wait.ts';
import type { World } from './world.ts';

export interface Deposited {
  readonly depositCode: string;
  readonly customer: Customer;
  readonly answer: DepositAnswer;
  /** It was refused, and why died with the worker that refused it. */
  readonly reasonLost?: boolean;
}

export type DepositWish = Partial<Pick<OpenDeposit, 'amount' | 'payWithinSeconds' | 'method' | 'coin'>> & { readonly customer?: Customer };

/** A customer taps a method to top up, 50.00 unless they wish otherwise. @throws when it is not answered */
export async function depositOne(world: World, { customer: known, ...wish }: DepositWish = {}): Promise<Deposited> {
  const customer = known ?? (await world.addPerson());
  const depositCode = newCode();
  const open = { amount: 5_000, method: 'card', payWithinSeconds: 1_800, language: 'en', ...wish } as const;
  const answer = await untilAnswered(() =>
    openDeposit(world.door, depositCode, { ...open, shopId: world.shop.id, customerId: customer.id }),
  );
  if (!('closed' in answer)) return { depositCode, customer, answer };
  if (!mayLoseAnswers()) throw new Error('The deposit was over before it was answered');
  // Its worker died with the answer and another ended the story: the row says how it stands, as the bot would.
  const found = await findDepositView(world.db.em.fork(), depositCode);
  if (!found) return { depositCode, customer, answer: { ok: false, rejected: 'UnknownDeposit' }, reasonLost: true };
  const { status, version } = found.view;
  return { depositCode, customer, answer: { ok: true, depositCode, status, version } };
}

export async function depositOf(world: World, depositCode: string): Promise<DepositView> {
  const found = await findDepositView(world.db.em.fork(), depositCode);
  if (!found) throw new Error(`There is no deposit ${depositCode}`);
  return found.view;
}

/** The customer pays on Stripe's page. @returns the PaymentIntent's id */
export async function payDeposit(world: World, depositCode: string, wish: object = {}): Promise<string> {
  const { sessions } = await world.control<{ sessions: { id: string }[] }>(
    `/stripe/sessions?paymentId=${depositPaymentId(depositCode)}&limit=500`,
  );
  const { paymentIntent } = await world.control<{ paymentIntent: string }>(`/stripe/sessions/${sessions[0]?.id}/pay`, wish);
  return paymentIntent;
}

/** Coins arrive at the deposit's address. @returns the provider's payment */
export async function payCoins(
  world: World,
  depositCode: string,
  wish: object = {},
): Promise<{ payment_id: string; actually_paid: number; outcome_amount: number }> {
  const { payments } = await world.control<{ payments: { payment_id: string }[] }>(
    `/nowpayments/payments?orderId=${depositPaymentId(depositCode)}`,
  );
  return world.control(`/nowpayments/payments/${payments.at(-1)?.payment_id}/send`, wish);
}

export const walletOf = ({ db, shop }: Pick<World, 'db' | 'shop'>, { id }: Pick<Customer, 'id'>) => readWallet(db.em.fork(), shop, id);

const endedDeposit = (world: World, { depositCode }: Pick<Deposited, 'depositCode'>) => ended(world, depositWorkflowId(depositCode));

const inCoins = { method: 'crypto', coin: 'BTC', amount: 10_000 } as const;

async function untilStatus(world: World, { depositCode }: Deposited, status: string): Promise<void> {
  await waitFor(async () => expect((await depositOf(world, depositCode)).status).toBe(status), { timeout: 15_000 });
}

/** Time to pay that a customer pays within and that is soon over, seconds: whose worker is killed pays later. */
const shortTime = () => Math.ceil(withPatience(3_000) / 1_000);

async function credited(world: World, deposited: Deposited, amount: number): Promise<void> {
  await waitFor(async () => expect((await walletOf(world, deposited.customer)).cash).toBe(amount), { timeout: 15_000, interval: 100 });
}

export const depositEndings: readonly Ending[] = [
  {
    name: 'deposit-card-credited',
    most: 20,
    async run(world) {
      const deposited = await depositOne(world);
      await payDeposit(world, deposited.depositCode);
      return endedDeposit(world, deposited);
    },
  },
  {
    name: 'deposit-card-seen-then-credited',
    most: 29,
    async run(world) {
      const deposited = await depositOne(world);
      const intent = await payDeposit(world, deposited.depositCode, { async: true });
      await waitFor(async () => expect((await depositOf(world, deposited.depositCode)).status).toBe('seen'), { timeout: 15_000 });
      await world.control(`/stripe/payment-intents/${intent}/finish`, { outcome: 'succeeded' });
      return endedDeposit(world, deposited);
    },
  },
  {
    name: 'deposit-partial',
    async run(world) {
      const deposited = await depositOne(world);
      await payDeposit(world, deposited.depositCode, { amountOverride: 4_000 });
      return endedDeposit(world, deposited);
    },
  },
  {
    name: 'deposit-expired',
    run: async (world) => endedDeposit(world, await depositOne(world, { payWithinSeconds: 2 })),
  },
  {
    name: 'deposit-found-paid-when-closed',
    async run(world) {
      world.sandbox.faults.add({ target: 'webhook', kind: 'lose', method: 'stripe', times: 10 });
      const deposited = await depositOne(world, { payWithinSeconds: shortTime() });
      await payDeposit(world, deposited.depositCode);
      const end = await endedDeposit(world, deposited);
      world.sandbox.faults.clear();
      return end;
    },
  },
  {
    name: 'deposit-cancelled-by-customer',
    async run(world) {
      const deposited = await depositOne(world);
      const wish = { by: 'customer', actor: `customer:${deposited.customer.id}` } as const;
      await untilAnswered(() => cancelDeposit(world.door, deposited.depositCode, wish));
      return endedDeposit(world, deposited);
    },
  },
  {
    name: 'deposit-cancelled-in-ui',
    async run(world) {
      const deposited = await depositOne(world);
      await world.door.client.workflow.getHandle(depositWorkflowId(deposited.depositCode)).cancel();
      return endedDeposit(world, deposited);
    },
  },
  {
    name: 'deposit-rejected-too-small',
    async run(world) {
      const deposited = await depositOne(world, { amount: 1 });
      expect(deposited.answer).toEqual({ ok: false, rejected: deposited.reasonLost ? 'UnknownDeposit' : 'AmountTooSmall' });
      return endedDeposit(world, deposited);
    },
  },
  {
    name: 'deposit-started-again-from-its-row',
    async run(world) {
      const deposited = await depositOne(world);
      const { depositCode, customer } = deposited;
      const workflowId = depositWorkflowId(depositCode);
      await world.door.client.workflow.getHandle(workflowId).terminate('by hand');
      const row = { depositCode, shopId: world.shop.id, customerId: customer.id, method: 'card', amount: 5_000 } as const;
      // A relay that runs beside it may be first.
      await waitFor(async () => expect((await restartDeposit(world.door, row)) || (await isRunning(world.door, workflowId))).toBe(true), {
        timeout: 10_000,
      });
      await payDeposit(world, depositCode);
      return endedDeposit(world, deposited);
    },
  },
  {
    name: 'deposit-coins-credited',
    most: 36,
    async run(world) {
      const deposited = await depositOne(world, inCoins);
      const { payment_id: id } = await payCoins(world, deposited.depositCode, { until: 'confirming' });
      await untilStatus(world, deposited, 'seen');
      await world.control(`/nowpayments/payments/${id}/become`, { status: 'sending' });
      await untilStatus(world, deposited, 'confirming');
      await world.control(`/nowpayments/payments/${id}/become`, { status: 'finished' });
      return endedDeposit(world, deposited);
    },
  },
  {
    name: 'deposit-coins-partial',
    async run(world) {
      const deposited = await depositOne(world, inCoins);
      await payCoins(world, deposited.depositCode, { percent: 80 });
      return endedDeposit(world, deposited);
    },
  },
  {
    name: 'deposit-coins-expired',
    run: async (world) => endedDeposit(world, await depositOne(world, { ...inCoins, payWithinSeconds: 2 })),
  },
  {
    name: 'deposit-coins-found-although-nobody-told',
    long: true,
    async run(world, env) {
      await renewQuotes(world, env);
      world.sandbox.faults.add({ target: 'webhook', kind: 'lose', method: 'nowpayments', times: 50 });
      const deposited = await depositOne(world, { ...inCoins, payWithinSeconds: 1_200 });
      await payCoins(world, deposited.depositCode);
      const end = await endedDeposit(world, deposited);
      world.sandbox.faults.clear();
      return end;
    },
  },
  {
    name: 'stray-second-coins-to-wallet',
    async run(world) {
      const deposited = await depositOne(world, inCoins);
      await payCoins(world, deposited.depositCode);
      await resultOf(world, depositWorkflowId(deposited.depositCode));
      const second = await payCoins(world, deposited.depositCode, { percent: 40 });
      // The shop got 99 % of what 40.00 PLN of Bitcoin buy there, in Tether, whose price here other stories may have moved.
      const [tether]: { rate: string }[] = await world.db.em
        .fork()
        .execute(`select rate from rate where base = 'USDT' and quote = 'PLN' and fault is null order by at desc limit 1`);
      const more = valueOfUnits(String(second.outcome_amount), tether?.rate ?? '0', 'PLN');
      expect(Math.abs(more - 3_960)).toBeLessThan(20);
      await credited(world, deposited, 10_000 + more);
      return ended(world, strayWorkflowId('nowpayments', `${second.payment_id}:${second.actually_paid}`));
    },
  },
  {
    name: 'coin-offers-asked',
    async run(world) {
      const input = { shopId: world.shop.id, provider: 'nowpayments' } as const;
      const { status } = await untilAnswered(() => askCoinOffers(world.door, input));
      // A customer waits for it: whose worker dies meanwhile is shown what was known before.
      expect(mayLoseAnswers() ? ['asked', 'not asked'] : ['asked']).toContain(status);
      return ended(world, coinOffersWorkflowId(input));
    },
  },
  {
    name: 'stray-late-deposit-to-wallet',
    async run(world) {
      const deposited = await depositOne(world, { payWithinSeconds: 1 });
      await resultOf(world, depositWorkflowId(deposited.depositCode));
      const intent = await payDeposit(world, deposited.depositCode, { force: true });
      await credited(world, deposited, 5_000);
      return ended(world, strayWorkflowId('stripe', intent));
    },
  },
  {
    name: 'stray-disputed-deposit',
    async run(world) {
      const deposited = await depositOne(world);
      const intent = await payDeposit(world, deposited.depositCode);
      await resultOf(world, depositWorkflowId(deposited.depositCode));
      const { id } = await world.control<{ id: string }>(`/stripe/payment-intents/${intent}/dispute`, {});
      await waitFor(async () => expect((await depositOf(world, deposited.depositCode)).status).toBe('reversed'), { timeout: 15_000 });
      return ended(world, strayWorkflowId('stripe', id));
    },
  },
  {
    name: 'adjustment-added',
    async run(world) {
      const customer = await world.addPerson();
      const adjustmentId = `ending-${customer.id}`;
      const wish = {
        adjustmentId,
        shopId: world.shop.id,
        customerId: customer.id,
        kind: 'add',
        amount: 100,
        reason: 'sorry',
        actor: 'cli',
      } as const;
      expect(await untilAnswered(() => adjustWallet(world.door, wish))).toEqual({ ok: true, amount: 100 });
      return { workflowId: adjustmentWorkflowId(adjustmentId), status: 'ok' };
    },
  },
];
