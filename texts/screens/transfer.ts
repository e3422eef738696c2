/** A transfer to the shop's own account or phone: what the customer does, and what becomes of their receipt. */
import type { InlineKeyboardButton } from 'grammy/types';
import type { Money } from '../../domain/money.ts';
import { toDecimal } from '../../domain/money.ts';
import type { TransferInstructions } from '../../domain/payment.ts';
import type { Texts } from '../bundle.ts';
import { bold, code, isolate, type RichText } from '../rich-text.ts';
import { copyButton, makeScreen, pairs, type Screen, tapButton } from './screen.ts';

export function transferLines(texts: Texts, { to, number, name, bank, title }: TransferInstructions, amount: Money): (RichText | string)[] {
  const money = bold(texts.money(amount.amount, amount.currency));
  return [
    texts.sayRich(`transfer-${to}`, { amount: money }),
    texts.sayRich(`transfer-${to}-number`, { number: code(number) }),
    texts.sayRich('transfer-name', { name: bold(isolate(name)) }),
    ...(bank === null ? [] : [texts.say('transfer-bank', { bank: isolate(bank) })]),
    texts.sayRich('transfer-title', { title: code(title) }),
    '',
    texts.say('transfer-receipt'),
    texts.say('transfer-no-blik-code'),
  ];
}

export function transferButtons(texts: Texts, { to, number, title }: TransferInstructions, amount: Money): InlineKeyboardButton[][] {
  const copies = [
    copyButton(texts.say(`transfer-copy-${to}`), number),
    copyButton(texts.say('transfer-copy-title'), title),
    copyButton(texts.say('transfer-copy-amount'), toDecimal(amount)),
  ];
  return pairs(copies.flatMap((button) => button ?? []));
}

/** What the bot says of a file a customer sent while a transfer waits. */
export type ReceiptAnswer = 'taken' | 'known' | 'tooMany' | 'tooBig' | 'notReadable';

export function receiptScreen(texts: Texts, answer: ReceiptAnswer, deposit: { readonly code: string; readonly shownCode: string }): Screen {
  const content = texts.sayRich(`receipt-${answer}`, { code: code(deposit.shownCode) });
  return makeScreen(content, [[tapButton(texts.say('receipt-open'), { to: 'depositStatus', depositCode: deposit.code })]]);
}
