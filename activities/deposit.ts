/** The steps of a deposit: each one guarded transition in one transaction that answers the row's real state; and telling its customer. */
import { newsOf } from '../domain/reversal.ts';
import { asksUntil, decide, type DepositCancelledBy, type DepositEvent } from '../domain/deposit.ts';
import { Customer } from '../db/entities/customer.ts';
import { Inbox } from '../db/entities/inbox.ts';
import { Refund } from '../db/entities/refund.ts';
import type { EntityManager } from '../db/orm.ts';
import { listWaitingAutoBuys } from '../db/repositories/auto-buy.ts';
import { findDepositView, markDepositDrawn, readDebtPaid } from '../db/repositories/deposit.ts';
import { readWallet } from '../db/repositories/ledger.ts';
import { listUntoldReversals, markReversalTold } from '../db/repositories/reversal.ts';
import { noteOpenFailed } from '../db/repositories/method-rule.ts';
import { depositBackNotice, depositNotice, depositScreen, reversalNotice } from '../texts/screens/deposit.ts';
import { ringAutoBuy } from '../temporal/auto-buy.ts';
import type { Door } from '../temporal/client.ts';
import type { DepositInput, DepositRow } from '../workflows/messages/deposit.ts';
import { botOf } from './bot.ts';
import type { ActivityContext } from './context.ts';
import { applyInbox, endDeposit, notePreCheckout } from './deposit/inbox.ts';
import { openDeposit } from './deposit/open.ts';
import { answerRow, changeStatus, inDeposit, isClosable, readState, rejectedRow } from './deposit/row.ts';
import { failing } from './failure.ts';
import { heartbeating } from './heartbeat.ts';
import { tellEnd, tellStaff } from './deposit/staff.ts';
import { draw } from './tell/draw.ts';
import { sendNotice } from './tell/notices.ts';
import { createQueue } from './tell/queue.ts';
import { wordingOf } from '../texts/wording.ts';

/** `at`: workflow time, ms since epoch. The workflow owns time. */
interface At {
  readonly depositCode: string;
  readonly at: number;
}

interface Advance extends At {
  readonly event: DepositEvent;
  readonly actor: string;
  /** For wishes of customers: whose deposit it must be. */
  readonly customerId?: number | undefined;
  /** Its page was closed just now, or closing was tried long enough. */
  readonly closed?: boolean | undefined;
}

/** Without a door nobody rings for what waits for the money: the relay does. */
export function createDepositActivities({
  db,
  secrets,
  telegram,
  door,
}: Pick<ActivityContext, 'db' | 'secrets' | 'telegram'> & Partial<Pick<ActivityContext, 'door'>>) {
  const em = () => db.em.fork();
  const inTurn = createQueue();

  /** Looks into the inbox, decides, carries it out, answers the row. */
  const advance = ({ depositCode, at, event, actor, customerId, closed = false }: Advance): Promise<DepositRow> =>
    inDeposit(em(), depositCode, async (tx, locked) => {
      if (!locked) return rejectedRow(depositCode, 'UnknownDeposit');
      if (customerId !== undefined && locked.deposit.customerId !== customerId) return answerRow(tx, locked, at, { rejected: 'NotYours' });
      const time = new Date(at);
      await applyInbox(tx, locked, time);
      notePreCheckout(tx, locked, time);
      if (locked.deposit.status === 'opened' && locked.payment.instructions) changeStatus(tx, locked, 'waiting', 'system', time);
      const decision = decide(readState(locked), event);
      switch (decision.do) {
        case 'nothing':
          return answerRow(tx, locked, at);
        case 'ask': {
          const state = readState(locked);
          if (state.verdictBy === 'provider') return answerRow(tx, locked, at, { mustAsk: true });
          // Staff are asked by a reminder.
          locked.deposit.reminders = asksUntil(state, at);
          return answerRow(tx, locked, at);
        }
        case 'reject':
          return answerRow(tx, locked, at, { rejected: decision.type });
        case 'end':
          if (!closed && isClosable(locked)) return answerRow(tx, locked, at, { mustClose: true });
          endDeposit(tx, locked, decision.by, actor, time);
          return answerRow(tx, locked, at);
      }
    });

  return failing({
    /** Opens the deposit, or answers the row as it stands. */
    openDeposit: ({ at, ...input }: DepositInput & At): Promise<DepositRow> => openDeposit(em(), input, at),

    /** Somebody rang: reads the inbox and credits what is there. */
    settleDeposit: ({ depositCode, at }: At): Promise<DepositRow> =>
      advance({ depositCode, at, event: { type: 'money' }, actor: 'system' }),

    /** Time passed: ends a deposit whose time is over, or says that the provider is to be asked. */
    wakeDeposit: ({ depositCode, at, closed }: At & { readonly closed?: boolean }): Promise<DepositRow> =>
      advance({ depositCode, at, event: { type: 'wake', at }, actor: 'system', closed }),

    /** A cancel by customer, staff or in the Temporal UI. What is credited stays credited. */
    cancelDeposit: ({
      depositCode,
      at,
      by,
      actor,
      closed,
    }: At & { readonly by: DepositCancelledBy; readonly actor: string; readonly closed?: boolean }): Promise<DepositRow> =>
      advance({
        depositCode,
        at,
        event: { type: 'cancel', by, at },
        actor,
        customerId: by === 'customer' ? Number(actor.split(':')[1]) : undefined,
        closed,
      }),

    /** The provider would not open it: it ends, unless a try that was given up opened it after all. */
    rejectDeposit: ({ depositCode, at }: At): Promise<void> =>
      inDeposit(em(), depositCode, async (tx, locked) => {
        if (locked?.deposit.status !== 'opened' || locked.payment.status !== 'pending' || locked.payment.instructions) return;
        const { deposit, payment } = locked;
        const time = new Date(at);
        payment.status = 'failed';
        payment.closedAt = time;
        deposit.endedBy = 'provider';
        deposit.closedAt = time;
        changeStatus(tx, locked, 'rejected', `provider:${payment.provider}`, time);
        await noteOpenFailed(tx, { ...payment, at: time });
      }),

    /** Draws the deposit's one message, and says in a message of its own that money came. */
    tellDeposit: (telling: At): Promise<DepositRow> => heartbeating(() => inTurn(telling.depositCode, () => tell(telling))),
  });

  async function tell({ depositCode, at }: At): Promise<DepositRow> {
    const read = em();
    const found = await findDepositView(read, depositCode);
    if (!found) return rejectedRow(depositCode, 'UnknownDeposit');
    const { view, deposit, shop } = found;
    const customer = await read.findOneOrFail(Customer, { id: deposit.customerId });
    const bot = botOf({ secrets, telegram }, shop);
    const overrides = wordingOf(shop, view.language);
    if (deposit.screenVersion < view.version) {
      const chatId = deposit.screenChatId ?? customer.chatId;
      const invoice = view.status === 'waiting' && view.instructions?.kind === 'invoice' ? view.instructions.invoice : undefined;
      const invoiceUrl = invoice && (await bot.createInvoiceLink(invoice));
      const messageId = await draw(bot, chatId, deposit.screenMessageId ?? null, depositScreen(view, { invoiceUrl, overrides }));
      await markDepositDrawn(read, { depositId: deposit.id, version: view.version, chatId, messageId });
    }
    const arrived = await read.find(Inbox, { depositId: deposit.id, place: 'wallet', toldAt: null }, { orderBy: { id: 'asc' } });
    for (const row of arrived) {
      // Stars came in as what was asked for.
      const inStars = row.currency === 'XTR';
      const money = inStars ? { amount: view.amount, currency: view.currency } : { amount: row.amount ?? 0, currency: row.currency ?? '' };
      await sendNotice(bot, customer.chatId, depositNotice(view, money, await readDebtPaid(read, row), overrides));
      await read.execute('update inbox set told_at = ? where id = ?', [new Date(at), row.id]);
    }
    for (const reversal of await listUntoldReversals(read, deposit.id)) {
      const news = newsOf(reversal);
      if (!news) continue;
      const owed = (await readWallet(read, shop, customer.id)).debt;
      const money = { amount: reversal.amount, currency: reversal.currency };
      await sendNotice(bot, customer.chatId, reversalNotice(view, news, money, owed, overrides));
      await markReversalTold(read, reversal, news);
    }
    for (const refund of await listUntoldRefunds(read, deposit.id)) {
      await sendNotice(bot, customer.chatId, depositBackNotice(view, refund, overrides));
      await read.execute('update refund set told_at = ? where id = ?', [new Date(at), refund.id]);
    }
    // Also when an earlier try said that it came, and was given up before it rang.
    if (view.credited > 0 && door) await ringWishes(read, door, customer.id);
    await tellStaff({ em: read, secrets, bot, found, at: new Date(at) });
    await tellEnd({ em: read, bot, found, chatId: customer.chatId, at: new Date(at) });
    return inDeposit(em(), depositCode, async (tx, locked) =>
      locked ? answerRow(tx, locked, at) : rejectedRow(depositCode, 'UnknownDeposit'),
    );
  }
}

/** A basket that waits for this money buys itself. Whoever cannot be rung now is rung by the relay. */
async function ringWishes(read: EntityManager, door: Door, customerId: number): Promise<void> {
  for (const orderCode of await listWaitingAutoBuys(read, customerId)) await ringAutoBuy(door, orderCode).catch(() => undefined);
}

/** Stars of a deposit that went back, or could not, without its customer knowing. */
async function listUntoldRefunds(em: EntityManager, depositId: number) {
  const ended = await em.find(Refund, { depositId, toldAt: null, status: { $in: ['succeeded', 'failed'] } }, { orderBy: { id: 'asc' } });
  return ended.map(({ id, amount, currency, status, scope, reason }) => ({
    ...{ id, amount, currency, scope, reason },
    status: status as 'succeeded' | 'failed',
  }));
}

export type DepositActivities = ReturnType<typeof createDepositActivities>;
