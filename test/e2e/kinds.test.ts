/** Every kind of product bought in the chat page: options, an album, a file, credits, access, a course, a donation; by wallet, Stars and card. */
import { describe, expect, it } from 'vitest';
import { openChatStage } from '../support/chat-stage.ts';
import { findChromium } from '../support/chromium.ts';

const executablePath = findChromium();

describe.skipIf(executablePath === undefined)('kinds of products in the chat page', { timeout: 120_000 }, () => {
  const stage = openChatStage(executablePath);

  it('a size and a colour are chosen on the card, its pictures turned in the same message, and that variant is collected', async () => {
    const { tap, sees, say, shoot, message } = await stage.as({ person: 1001 });
    await say('/shop');
    await tap('Clothes');
    await sees('from 79.00 PLN');
    await tap('T-shirt');
    await sees('Please choose: Size, Colour');
    await shoot('en-13-options');
    await tap('›');
    await tap('White');
    await tap(/✕\W*S\W*$/);
    await sees('Sold out');
    await shoot('en-14-option-sold-out');
    await tap(/^\W*M\W*$/);
    const card = await sees('Size: M');
    expect(await card.textContent()).toContain('Colour: White');
    expect(await message('Please choose').count(), 'all of it was one message').toBe(0);
    await shoot('en-15-option-chosen');
    await tap('Buy now');
    await tap('Wallet');
    await sees('Ready to collect: T-shirt “Nocny tramwaj”, M, White');
    expect(await stage.chat.reaches('delivered')).toBeTruthy();
  });

  it('credits are bought with Stars, a file with the wallet, and a donation is as much as was written', async () => {
    const { page, tap, sees, say, shoot, reaches } = await stage.as({ person: 1002 });
    await say('/shop');
    await tap('Community');
    await tap('25 message credits');
    await tap('Купить сейчас');
    await tap('Stars');
    await tap('Оплатить');
    await page.getByTestId('stars-sheet').waitFor();
    await page.getByTestId('stars-pay').click();
    await sees('+25 кредитов');
    await reaches('delivered');
    await say('/shop');
    await tap('Community');
    await tap('Five coffees');
    await tap('Купить сейчас');
    await tap('Кошелёк');
    await sees('five-coffees.txt');
    await reaches('delivered');
    await say('/shop');
    await tap('Community');
    await tap('Cats of Praga');
    await shoot('ru-6-donation');
    await tap('Другая сумма');
    await sees('Напишите сумму');
    await say('1');
    await sees('Такая сумма невозможна');
    await shoot('ru-7-donation-bounds');
    await say('12,50');
    await tap('Кошелёк');
    await sees('Спасибо!');
    await reaches('delivered');
    await shoot('ru-8-thanks');
  });

  it('a course and access are granted on a phone, paid from the wallet', async () => {
    const { tap, sees, say, shoot, reaches } = await stage.as({ person: 1003, size: { width: 390, height: 844 } });
    await say('/shop');
    await tap('Community');
    await shoot('pl-7-kinds-phone');
    await tap('Film photography');
    await tap('Kup teraz');
    await tap('Portfel');
    const lessons = await sees('4 lekcje');
    expect(await lessons.textContent()).toContain('Developing at home');
    await reaches('delivered');
    await shoot('pl-8-course-phone');
    await say('/shop');
    await tap('Community');
    await tap('Listening room');
    await tap('Kup teraz');
    await tap('Portfel');
    await sees('Czas dostępu: 7 dni');
    await reaches('delivered');
  });

  it('and everything adds up', async () => {
    expect((await stage.shop.check()).findings).toEqual([]);
  });
});
