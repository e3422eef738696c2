/** Money that cannot go back by itself, in the chat page: the customer names where to, staff approve and send it. The whole product, a browser. */
import { type Browser, chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { staffChatId } from '../../sandbox/telegram/demo.ts';
import { type ChatPage, openChatPage } from '../support/chat-page.ts';
import { chromiumFlags, findChromium } from '../support/chromium.ts';
import { startWholeShop, type WholeShop } from '../support/whole-shop.ts';

const executablePath = findChromium();
const anna = { person: 1001 };
const boris = { person: 1002, size: { width: 390, height: 844 } };
const olga = { person: 2001, chat: staffChatId };

describe.skipIf(executablePath === undefined)('a payout in the chat page', { timeout: 120_000 }, () => {
  let shop: WholeShop;
  let browser: Browser;
  let chat: ChatPage;

  beforeAll(async () => {
    shop = await startWholeShop();
    browser = await chromium.launch({ executablePath: executablePath as string, args: [...chromiumFlags] });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await shop?.stop();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await chat?.shoot(`failed-${task.id}`);
  });

  async function as(who: Parameters<typeof openChatPage>[2]): Promise<ChatPage> {
    await chat?.close();
    chat = await openChatPage(browser, shop.sandboxUrl, who);
    return chat;
  }

  /** A top-up by transfer that the owner approves. @returns its code as shown */
  async function topUp(method: string, waiting: string): Promise<string> {
    await chat.say('/refill 50');
    await chat.tap(method);
    const text = (await (await chat.sees(waiting)).textContent()) ?? '';
    const code = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text)?.[0] ?? '';
    await shop.tell(['deposit', 'approve', code, '--reference', `BANK${code}`, '--sender', 'Demo Person']);
    return code;
  }

  it('is asked for, named, shown back, approved, sent and told', async () => {
    await as(anna);
    const code = await topUp('Bank transfer', 'Waiting for your payment');
    await chat.sees('50.00 PLN has arrived in your wallet');
    await shop.tell(['deposit', 'refund', code]);
    await chat.sees(`The shop pays 50.00 PLN of top-up ${code} back to you`);
    await chat.shoot('payout-1-asked');
    await chat.tap('Say where to', await chat.sees('The shop pays 50.00 PLN'));
    await chat.tap('Name an account', await chat.sees('Which account of yours?'));
    await chat.sees('Write it here as a message');
    await chat.shoot('payout-2-where');
    await chat.say('PL61 1090 1014 0000 0712 1981 2875');
    await chat.sees('the check digits do not fit');
    await chat.shoot('payout-3-wrong');
    await chat.say('PL61 1090 1014 0000 0712 1981 2874');
    const shown = await chat.sees('compare it character by character');
    expect(await shown.textContent()).toContain('PL61109010140000071219812874');
    await chat.shoot('payout-4-shown-back');
    await chat.tap('Yes, send it there', shown);
    await chat.sees("The shop's staff look at it");
    await chat.shoot('payout-5-named');

    await as(olga);
    const payout = await chat.sees('Please approve or refuse it');
    expect(await payout.textContent()).toContain('PL61109010140000071219812874');
    await chat.shoot('payout-6-staff');
    await chat.tap('✅ Approve', payout);
    await chat.tap('Yes, approve', await chat.sees('Let 50.00 PLN go to the destination above?'));
    const approved = await chat.sees('Approved: please send the money');
    await chat.shoot('payout-7-approved');
    await chat.tap('I have sent it', approved);
    await chat.sees('The money is on its way? Send the transaction');
    await chat.say(`/sent ${code}-p1 BANK-OUT-1`);
    const sure = await chat.sees('are sent, by transaction BANK-OUT-1?');
    await chat.shoot('payout-8-sure');
    await chat.tap('Yes, it is sent', sure);
    await chat.sees('Sent: did it arrive?');
    await chat.tap('It arrived', (await chat.sees('Sent: did it arrive?')).last());
    await chat.tap('Yes, it arrived', await chat.sees('Did 50.00 PLN arrive?'));
    await chat.sees('✅ Paid back');
    await chat.shoot('payout-9-paid-back');

    await as(anna);
    const told = await chat.sees('were paid back to you');
    expect(await told.textContent()).toContain('BANK-OUT-1');
    await chat.shoot('payout-10-told');
    expect((await shop.check()).findings).toEqual([]);
  });

  it('is refused in Russian, and the money is in the wallet again', async () => {
    await as(boris);
    const code = await topUp('BLIK на телефон', 'Отправьте');
    await chat.sees('в вашем кошельке');
    await shop.tell(['deposit', 'refund', code, '--amount', '20']);
    await chat.tap('Указать, куда', await chat.sees('Магазин возвращает вам'));
    await chat.tap('Указать номер телефона', await chat.sees('переводы BLIK'));
    await chat.sees('Напишите сюда сообщением');
    await chat.say('500 000 777');
    const shown = await chat.sees('Сверьте, пожалуйста, каждый знак');
    expect(await shown.textContent()).toContain('+48500000777');
    await chat.shoot('payout-ru-1-shown-back');
    await chat.tap('Да, отправьте туда', shown);
    await chat.sees('Сотрудники магазина проверяют');
    await as(olga);
    await chat.tap('To the wallet', await chat.sees('Please approve or refuse it'));
    await chat.tap('Yes, to the wallet', await chat.sees('Do not pay 20.00 PLN out'));
    await chat.sees('Not paid back: in the wallet');
    await as(boris);
    await chat.sees('не удалось вернуть');
    await chat.shoot('payout-ru-2-told');
    expect((await shop.check()).findings).toEqual([]);
  });
});
