/** A transfer from the tap to the wallet, in the chat page: the customer attaches a receipt, staff judge it. The whole product, a real browser. */
import { type Browser, chromium } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { staffChatId } from '../../sandbox/telegram/demo.ts';
import { type ChatPage, openChatPage } from '../support/chat-page.ts';
import { chromiumFlags, findChromium } from '../support/chromium.ts';
import { startWholeShop, type WholeShop } from '../support/whole-shop.ts';

const executablePath = findChromium();
const boris = { person: 1002 };
const anna = { person: 1001 };
const celina = { person: 1003, size: { width: 390, height: 844 } };
const olga = { person: 2001, chat: staffChatId };

const paper = (words: string) => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="800"><rect width="600" height="800" fill="#fff"/>
    <rect width="600" height="80" fill="#036"/><text x="40" y="160" font-size="32">${words}</text></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
};

describe.skipIf(executablePath === undefined)('a transfer in the chat page', { timeout: 90_000 }, () => {
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

  /** Opens a top-up by transfer. @returns its code as shown */
  async function open(amount: string, method: string, waiting: string): Promise<string> {
    await chat.say(`/refill ${amount}`);
    await chat.tap(method);
    const shown = await chat.sees(waiting);
    return /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec((await shown.textContent()) ?? '')?.[0] ?? '';
  }

  const attach = (name: string, buffer: Buffer, mimeType = 'image/png') => chat.attach({ name, mimeType, buffer });

  it('is credited once staff have seen the money, with what they saw, and everybody is told', async () => {
    await as(anna);
    const code = await open('50', 'Bank transfer', 'Waiting for your payment');
    const waiting = await chat.sees('PL61109010140000071219812874');
    expect(await waiting.textContent()).toContain('Nobody of the shop ever asks for a BLIK code');
    await chat.shoot('transfer-1-instructions');
    await attach('notes.txt', Buffer.from('I paid, promise'), 'text/plain');
    await chat.sees('I cannot read that');
    await attach('receipt.png', await paper(`Przelew 50,00 PLN ${code}`));
    await chat.sees('is with the shop');
    await chat.sees('Your confirmation is with the shop');
    await chat.shoot('transfer-2-receipt');

    await as(olga);
    await chat.sees('Please look at the bank');
    await chat.sees('Confirmation for top-up');
    await chat.shoot('transfer-3-staff');
    await chat.tap('Approve', chat.message('Please look at the bank').last());
    await chat.sees("the bank's reference and who sent it");
    await chat.shoot('transfer-4-asked');
    await chat.say(`/approve ${code} 49.50 ref-4711/0815 Jan Kowalski`);
    const sure = await chat.sees('Credit 49.50 PLN from');
    expect(await sure.textContent()).toContain('REF47110815');
    await chat.shoot('transfer-5-sure');
    await chat.tap('Yes, credit 49.50 PLN', sure);
    await chat.sees('Credited, less than asked');
    await chat.shoot('transfer-6-credited');

    await as(anna);
    await chat.sees('49.50 PLN has arrived in your wallet');
    await chat.shoot('transfer-7-told');
  });

  it('with a receipt that another customer sent is flagged, and with their reference refused by name', async () => {
    const picture = await paper('Przelew 70,00 PLN');
    await as(anna);
    const first = await open('70', 'Bank transfer', 'Waiting for your payment');
    await attach('one.png', picture);
    await chat.sees('is with the shop');
    await as(boris);
    const second = await open('70', 'BLIK на телефон', 'Отправьте');
    await chat.sees('+48500000001');
    await chat.shoot('transfer-ru-1-instructions');
    await chat.sayAndForget('123 456');
    await chat.sees('Это похоже на код BLIK');
    expect(await chat.page.getByTestId('message').filter({ hasText: '123 456' }).count()).toBe(0);
    await attach('two.png', picture);
    await chat.sees('Спасибо');

    await as(olga);
    await chat.sees(`The same file was sent for top-up ${first}`);
    await chat.shoot('transfer-8-twin');
    await chat.say(`/approve ${first} 70 BANK-1 Anna Demo`);
    await chat.tap('Yes, credit 70.00 PLN', await chat.sees('Credit 70.00 PLN from'));
    await chat.say(`/approve ${second} 70 bank1 Boris Demo`);
    await chat.sees('This bank reference was credited before');
    await chat.tap('Reject', chat.message(second).last());
    await chat.tap('Used before', chat.message(second).last());
    await chat.sees('Reject it: Used before?');
    await chat.tap('Yes, reject', chat.message(second).last());
    await chat.sees('Rejected, can still be credited');

    await as(boris);
    await chat.sees('не подтвердили пополнение');
    await chat.sees('Это подтверждение уже использовали');
    await chat.shoot('transfer-ru-2-rejected');
  });

  it('above the limit waits for a second person, here the owner at the command line', async () => {
    await as(celina);
    const code = await open('2000', 'Przelew bankowy', 'Przelej');
    await chat.shoot('transfer-pl-1-phone');
    await attach('receipt.pdf', Buffer.from('%PDF-1.4 2000 PLN'), 'application/pdf');
    await chat.sees('Dziękuję');
    await as(olga);
    await chat.say(`/approve ${code} 2000 BIG-0001 Celina Demo`);
    await chat.tap('Yes, credit 2,000.00 PLN', await chat.sees('Credit 2,000.00 PLN from'));
    const one = await chat.sees('Another person must approve it too');
    await chat.shoot('transfer-9-second');
    await chat.tap('Approve as the second person', one);
    await chat.tap('Yes, credit 2,000.00 PLN', chat.message(code).last());
    await chat.sees('You approved it already; another person is needed');
    const shown = await shop.command<{ status: string; credited: number }>('deposit', 'approve', code, '--second');
    expect(['seen', 'credited']).toContain(shown.status);
    await chat.sees('and cli');
    expect(await shop.command('deposit', 'show', code)).toMatchObject({ status: 'credited', credited: 200_000 });
    const listed = await shop.command<{ code: string }[]>('deposit', 'list', '--status', 'credited');
    expect(listed.map((listedOne) => listedOne.code)).toContain(code.replace('-', ''));
    await as(celina);
    await chat.sees('2000,00 PLN');
    await chat.shoot('transfer-pl-2-told');
  });

  it('leaves nothing the checker would name', async () => {
    expect((await shop.check()).findings).toEqual([]);
  });
});
