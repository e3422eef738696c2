/** What a payment's status means for who looks at it. */
import type { StatusAnswer } from './wire.ts';

export interface Stage {
  readonly mood: 'waiting' | 'busy' | 'good' | 'bad';
  /** Text ids. */
  readonly title: string;
  readonly words: string | undefined;
  /** It still can be paid, and nothing has been seen yet. */
  readonly isPayable: boolean;
}

const orders: Readonly<Record<string, Omit<Stage, 'isPayable'>>> = {
  awaitingPayment: { mood: 'waiting', title: 'order-awaiting-payment', words: undefined },
  awaitingSettlement: { mood: 'busy', title: 'order-awaiting-settlement', words: 'app-seen-text' },
  paid: { mood: 'good', title: 'order-paid', words: 'app-paid-text' },
  delivered: { mood: 'good', title: 'order-delivered', words: 'app-delivered-text' },
  unfulfillable: { mood: 'bad', title: 'order-unfulfillable', words: undefined },
  refunded: { mood: 'bad', title: 'order-refunded', words: undefined },
  expired: { mood: 'bad', title: 'order-expired', words: 'app-expired-text' },
  cancelled: { mood: 'bad', title: 'order-cancelled', words: 'app-cancelled-text' },
};

const deposits: Readonly<Record<string, Omit<Stage, 'isPayable'>>> = {
  opened: { mood: 'waiting', title: 'deposit-opened', words: undefined },
  waiting: { mood: 'waiting', title: 'deposit-waiting', words: undefined },
  seen: { mood: 'busy', title: 'deposit-seen', words: 'app-seen-text' },
  confirming: { mood: 'busy', title: 'deposit-confirming', words: 'app-seen-text' },
  credited: { mood: 'good', title: 'deposit-credited', words: 'app-credited-text' },
  partial: { mood: 'good', title: 'deposit-partial', words: 'app-credited-text' },
  expired: { mood: 'bad', title: 'deposit-expired', words: 'app-deposit-over-text' },
  rejected: { mood: 'bad', title: 'deposit-rejected', words: undefined },
  reversed: { mood: 'bad', title: 'deposit-reversed', words: undefined },
};

export function stageOf({ status, order, deposit }: Pick<StatusAnswer, 'status' | 'order' | 'deposit'>): Stage {
  const known = order ? orders[order.status] : deposits[deposit?.status ?? ''];
  const stage = known ?? { mood: 'busy', title: 'deposit-opened', words: undefined };
  if (stage.mood !== 'waiting') return { ...stage, isPayable: false };
  if (status === 'processing') return { mood: 'busy', title: 'order-awaiting-settlement', words: 'app-seen-text', isPayable: false };
  if (status === 'failed') return { mood: 'bad', title: 'app-broken', words: 'app-failed-text', isPayable: false };
  return { ...stage, isPayable: status === 'pending' };
}

/** The text of an order's status. */
export const titleOfOrder = (status: string): string => orders[status]?.title ?? 'app-payment';
export const moodOfOrder = (status: string): Stage['mood'] => orders[status]?.mood ?? 'busy';
