/** Money that cannot go back by itself, in the chat page: the customer names where to, staff approve and send it. The whole product, a browser. */
import { describe, expect, it } from 'vitest';
import { staffChatId } from '../../sandbox/telegram/demo.ts';
import { openChatStage } from '../support/chat-stage.ts';
import { findChromium } from '../support/chromium.ts';

const executablePath = findChromium();
const anna = { person: 1001 };
const boris = { person: 1002, size: { width: 390, height: 844 } };
const olga = { person: 2001, chat: staffChatId };

describe.skipIf(executablePath === undefined)('a payout in the chat page', { timeout: 120_000 }, () => {
  const stage = openChatStage(executablePath);

  /** A top-up by transfer that the owner approves. @returns its code as shown */
  async function topUp(method: string, waiting: string): Promise<string> {
    await stage.chat.say('/refill 50');
    await stage.chat.tap(method);
    const text = (await (await stage.chat.sees(waiting)).textContent()) ?? '';
    const code = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text)?.[0] ?? '';
    await stage.shop.tell(['deposit', 'approve', code, '--reference', `BANK${code}`, '--sender', 'Demo Person']);
    return code;
  }

  it('is asked for, named, shown back, approved, sent and told', async () => {
    await stage.as(anna);
    const code = await topUp('Bank transfer', 'Waiting for your payment');
    await stage.chat.sees('50.00 PLN has arrived in your wallet');
    await stage.shop.tell(['deposit', 'refund', code]);
    await stage.chat.sees(`The shop pays 50.00 PLN of top-up ${code} back to you`);
    await stage.chat.shoot('payout-1-asked');
    await stage.chat.tap('Say where to', await stage.chat.sees('The shop pays 50.00 PLN'));
    await stage.chat.tap('Name an account', await stage.chat.sees('Which account of yours?'));
    await stage.chat.sees('Write it here as a message');
    await stage.chat.shoot('payout-2-where');
    await stage.chat.say('PL61 1090 1014 0000 0712 1981 2875');
    await stage.chat.sees('the check digits do not fit');
    await stage.chat.shoot('payout-3-wrong');
    await stage.chat.say('PL61 1090 1014 0000 0712 1981 2874');
    const shown = await stage.chat.sees('compare it character by character');
    expect(await shown.textContent()).toContain('PL61109010140000071219812874');
    await stage.chat.shoot('payout-4-shown-back');
    await stage.chat.tap('Yes, send it there', shown);
    await stage.chat.sees("The shop's staff look at it");
    await stage.chat.shoot('payout-5-named');

    await stage.as(olga);
    const payout = await stage.chat.sees('Please approve or refuse it');
    expect(await payout.textContent()).toContain('PL61109010140000071219812874');
    await stage.chat.shoot('payout-6-staff');
    await stage.chat.tap('✅ Approve', payout);
    await stage.chat.tap('Yes, approve', await stage.chat.sees('Let 50.00 PLN go to the destination above?'));
    const approved = await stage.chat.sees('Approved: please send the money');
    await stage.chat.shoot('payout-7-approved');
    await stage.chat.tap('I have sent it', approved);
    await stage.chat.sees('The money is on its way? Send the transaction');
    await stage.chat.say(`/sent ${code}-p1 BANK-OUT-1`);
    const sure = await stage.chat.sees('are sent, by transaction BANK-OUT-1?');
    await stage.chat.shoot('payout-8-sure');
    await stage.chat.tap('Yes, it is sent', sure);
    await stage.chat.sees('Sent: did it arrive?');
    await stage.chat.tap('It arrived', (await stage.chat.sees('Sent: did it arrive?')).last());
    await stage.chat.tap('Yes, it arrived', await stage.chat.sees('Did 50.00 PLN arrive?'));
    await stage.chat.sees('✅ Paid back');
    await stage.chat.shoot('payout-9-paid-back');

    await stage.as(anna);
    const told = await stage.chat.sees('were paid back to you');
    expect(await told.textContent()).toContain('BANK-OUT-1');
    await stage.chat.shoot('payout-10-told');
    expect((await stage.shop.check()).findings).toEqual([]);
  });

  it('is refused in Russian, and the money is in the wallet again', async () => {
    await stage.as(boris);
    const code = await topUp('BLIK на телефон', 'Отправьте');
    await stage.chat.sees('в вашем кошельке');
    await stage.shop.tell(['deposit', 'refund', code, '--amount', '20']);
    await stage.chat.tap('Указать, куда', await stage.chat.sees('Магазин возвращает вам'));
    await stage.chat.tap('Указать номер телефона', await stage.chat.sees('переводы BLIK'));
    await stage.chat.sees('Напишите сюда сообщением');
    await stage.chat.say('500 000 777');
    const shown = await stage.chat.sees('Сверьте, пожалуйста, каждый знак');
    expect(await shown.textContent()).toContain('+48500000777');
    await stage.chat.shoot('payout-ru-1-shown-back');
    await stage.chat.tap('Да, отправьте туда', shown);
    await stage.chat.sees('Сотрудники магазина проверяют');
    await stage.as(olga);
    await stage.chat.tap('To the wallet', await stage.chat.sees('Please approve or refuse it'));
    await stage.chat.tap('Yes, to the wallet', await stage.chat.sees('Do not pay 20.00 PLN out'));
    await stage.chat.sees('Not paid back: in the wallet');
    await stage.as(boris);
    await stage.chat.sees('не удалось вернуть');
    await stage.chat.shoot('payout-ru-2-told');
    expect((await stage.shop.check()).findings).toEqual([]);
  });
});
