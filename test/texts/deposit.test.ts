/** What a deposit's message says: every wait something else, and where to pay exactly. */
import { describe, expect, test } from 'vitest';
import { networkCoins } from '../../domain/coin.ts';
import { type DepositStatus, depositStatuses, type DepositView } from '../../domain/deposit.ts';
import { languages } from '../../domain/language.ts';
import type { Instructions } from '../../domain/payment.ts';
import { decodeCallback } from '../../texts/callback.ts';
import { textsOf } from '../../texts/bundle.ts';
import { type AddressToPay, qrCaption } from '../../texts/screens/coin.ts';
import { depositScreen } from '../../texts/screens/deposit.ts';
import { orderScreen } from '../../texts/screens/order.ts';
import type { Screen } from '../../texts/screens/screen.ts';
import { makeView, now } from './views.ts';

const link: Instructions = { kind: 'link', url: 'https://pay.example.org/1' };
const address: AddressToPay = { kind: 'address', coin: 'USDT_TRC20', address: `T${'x'.repeat(33)}`, units: '12.345678', memo: null };
const view = (changes: Partial<DepositView> = {}): DepositView => ({
  code: 'K7Q4MX2P',
  shopId: 1,
  customerId: 5,
  status: 'waiting',
  method: 'card',
  amount: 5_000,
  credited: 0,
  debtPaid: 0,
  reversed: 0,
  givenBack: null,
  currency: 'PLN',
  expiresAt: now + 1_800_000,
  endedBy: null,
  instructions: link,
  chain: null,
  version: 1,
  language: 'en',
  ...changes,
});
const buttons = (screen: Screen) => screen.keyboard?.inline_keyboard.flat() ?? [];
const copied = (screen: Screen) => buttons(screen).flatMap((button) => ('copy_text' in button ? [button.copy_text.text] : []));
const code = (screen: Screen) =>
  screen.entities.filter(({ type }) => type === 'code').map(({ offset, length }) => screen.text.slice(offset, offset + length));

describe.each(languages)("a deposit's message in %s", (language) => {
  test.each([link, address])('says something else for each wait and each end', (instructions) => {
    const texts = depositStatuses.map((status: DepositStatus) => depositScreen(view({ status, language, instructions })).text);
    expect(new Set(texts).size).toBe(depositStatuses.length);
    const waits = (['opened', 'waiting', 'seen', 'confirming'] as const).map((status) => depositScreen(view({ status, language })).text);
    expect(new Set(waits.map((text) => text.split('\n')[0])).size).toBe(4);
  });

  test('names address, exact units, coin and network, and copies them, also for an order', () => {
    for (const coin of Object.keys(networkCoins) as (keyof typeof networkCoins)[]) {
      const memo = coin === 'TON' ? '77' : null;
      const instructions: AddressToPay = { ...address, coin, memo };
      const payment = { id: 'K7Q4MX2P-1', provider: 'stripe', status: 'pending', amount: 8000, currency: 'PLN', instructions } as const;
      const screens = [depositScreen(view({ language, instructions })), orderScreen(makeView({ language, payment }), { now })];
      for (const screen of screens) {
        expect(screen.text).toContain(`12.345678\u00a0${networkCoins[coin].coin}`);
        expect(screen.text).toContain(networkCoins[coin].network);
        expect(code(screen)).toEqual(expect.arrayContaining(memo === null ? [address.address] : [address.address, memo]));
        expect(copied(screen)).toEqual(memo === null ? [address.address, '12.345678'] : [address.address, '12.345678', memo]);
      }
      const qr = screens.map((screen) =>
        buttons(screen).flatMap((button) => ('callback_data' in button ? (decodeCallback(button.callback_data) ?? []) : [])),
      );
      expect(qr[0]).toContainEqual({ to: 'qr', noun: 'deposit', code: 'K7Q4MX2P' });
      expect(qr[1]).toContainEqual({ to: 'qr', noun: 'order', code: 'K7Q4MX2P' });
      expect(qrCaption(textsOf(language), instructions, { noun: 'order', code: 'K7Q4MX2P' }).text.length).toBeLessThan(1_024);
    }
  });
});
