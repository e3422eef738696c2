/** A transfer from the tap to the wallet, in the chat page: the customer attaches a receipt, staff judge it. The whole product, a real browser. */
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { staffChatId } from '../../sandbox/telegram/demo.ts';
import { openChatStage } from '../support/chat-stage.ts';
import { findChromium } from '../support/chromium.ts';

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
  const stage = openChatStage(executablePath);

  /** Opens a top-up by transfer. @returns its code as shown */
  async function open(amount: string, method: string, waiting: string): Promise<string> {
    await stage.chat.say(`/refill ${amount}`);
    await stage.chat.tap(method);
    const shown = await stage.chat.sees(waiting);
    return /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec((await shown.textContent()) ?? '')?.[0] ?? '';
  }

  const attach = (name: string, buffer: Buffer, mimeType = 'image/png') => stage.chat.attach({ name, mimeType, buffer });

  it('is credited once staff have seen the money, with what they saw, and everybody is told', async () => {
    await stage.as(anna);
    const code = await open('50', 'Bank transfer', 'Waiting for your payment');
    const waiting = await stage.chat.sees('PL61109010140000071219812874');
    expect(await waiting.textContent()).toContain('Nobody of the shop ever asks for a BLIK code');
    await stage.chat.shoot('transfer-1-instructions');
    await attach('notes.txt', Buffer.from('I paid, promise'), 'text/plain');
    await stage.chat.sees('I cannot read that');
    await attach('receipt.png', await paper(`Przelew 50,00 PLN ${code}`));
    await stage.chat.sees('is with the shop');
    await stage.chat.sees('Your confirmation is with the shop');
    await stage.chat.shoot('transfer-2-receipt');

    await stage.as(olga);
    await stage.chat.sees('Please look at the bank');
    await stage.chat.sees('Confirmation for top-up');
    await stage.chat.shoot('transfer-3-staff');
    await stage.chat.tap('Approve', stage.chat.message('Please look at the bank').last());
    await stage.chat.sees("the bank's reference and who sent it");
    await stage.chat.shoot('transfer-4-asked');
    await stage.chat.say(`/approve ${code} 49.50 ref-4711/0815 Jan Kowalski`);
    const sure = await stage.chat.sees('Credit 49.50 PLN from');
    expect(await sure.textContent()).toContain('REF47110815');
    await stage.chat.shoot('transfer-5-sure');
    await stage.chat.tap('Yes, credit 49.50 PLN', sure);
    await stage.chat.sees('Credited, less than asked');
    await stage.chat.shoot('transfer-6-credited');

    await stage.as(anna);
    await stage.chat.sees('49.50 PLN has arrived in your wallet');
    await stage.chat.shoot('transfer-7-told');
  });

  it('with a receipt that another customer sent is flagged, and with their reference refused by name', async () => {
    const picture = await paper('Przelew 70,00 PLN');
    await stage.as(anna);
    const first = await open('70', 'Bank transfer', 'Waiting for your payment');
    await attach('one.png', picture);
    await stage.chat.sees('is with the shop');
    await stage.as(boris);
    const second = await open('70', 'BLIK на телефон', 'Отправьте');
    await stage.chat.sees('+48500000001');
    await stage.chat.shoot('transfer-ru-1-instructions');
    await stage.chat.sayAndForget('123 456');
    await stage.chat.sees('Это похоже на код BLIK');
    expect(await stage.chat.page.getByTestId('message').filter({ hasText: '123 456' }).count()).toBe(0);
    await attach('two.png', picture);
    await stage.chat.sees('Спасибо');

    await stage.as(olga);
    await stage.chat.sees(`The same file was sent for top-up ${first}`);
    await stage.chat.shoot('transfer-8-twin');
    await stage.chat.say(`/approve ${first} 70 BANK-1 Anna Demo`);
    await stage.chat.tap('Yes, credit 70.00 PLN', await stage.chat.sees('Credit 70.00 PLN from'));
    await stage.chat.say(`/approve ${second} 70 bank1 Boris Demo`);
    await stage.chat.sees('This bank reference was credited before');
    await stage.chat.tap('Reject', stage.chat.message(second).last());
    await stage.chat.tap('Used before', stage.chat.message(second).last());
    await stage.chat.sees('Reject it: Used before?');
    await stage.chat.tap('Yes, reject', stage.chat.message(second).last());
    await stage.chat.sees('Rejected, can still be credited');

    await stage.as(boris);
    await stage.chat.sees('не подтвердили пополнение');
    await stage.chat.sees('Это подтверждение уже использовали');
    await stage.chat.shoot('transfer-ru-2-rejected');
  });

  it('above the limit waits for a second person, here the owner at the command line', async () => {
    await stage.as(celina);
    const code = await open('2000', 'Przelew bankowy', 'Przelej');
    await stage.chat.shoot('transfer-pl-1-phone');
    await attach('receipt.pdf', Buffer.from('%PDF-1.4 2000 PLN'), 'application/pdf');
    await stage.chat.sees('Dziękuję');
    await stage.as(olga);
    await stage.chat.say(`/approve ${code} 2000 BIG-0001 Celina Demo`);
    await stage.chat.tap('Yes, credit 2,000.00 PLN', await stage.chat.sees('Credit 2,000.00 PLN from'));
    const one = await stage.chat.sees('Another person must approve it too');
    await stage.chat.shoot('transfer-9-second');
    await stage.chat.tap('Approve as the second person', one);
    await stage.chat.tap('Yes, credit 2,000.00 PLN', stage.chat.message(code).last());
    await stage.chat.sees('You approved it already; another person is needed');
    const shown = await stage.shop.command<{ status: string; credited: number }>('deposit', 'approve', code, '--second');
    expect(['seen', 'credited']).toContain(shown.status);
    await stage.chat.sees('and cli');
    expect(await stage.shop.command('deposit', 'show', code)).toMatchObject({ status: 'credited', credited: 200_000 });
    const listed = await stage.shop.command<{ code: string }[]>('deposit', 'list', '--status', 'credited');
    expect(listed.map((listedOne) => listedOne.code)).toContain(code.replace('-', ''));
    await stage.as(celina);
    await stage.chat.sees('2000,00 PLN');
    await stage.chat.shoot('transfer-pl-2-told');
  });

  it('leaves nothing the checker would name', async () => {
    expect((await stage.shop.check()).findings).toEqual([]);
  });
});
