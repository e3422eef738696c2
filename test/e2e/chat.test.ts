/** A newcomer's day in the chat page: the whole product as `npm start` brings it up, in a real browser, and killed on the way. */
import { Api, InlineKeyboard } from 'grammy';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { demoBotToken, friendsChatId, staffChatId } from '../../sandbox/telegram/demo.ts';
import { openChatPage, textOf } from '../support/chat-page.ts';
import { openChatStage } from '../support/chat-stage.ts';
import { findChromium } from '../support/chromium.ts';

const executablePath = findChromium();
const anna = { person: 1001 };
const boris = { person: 1002 };
const celina = { person: 1003, size: { width: 390, height: 844 } };
const olga = { person: 2001, chat: staffChatId };

describe.skipIf(executablePath === undefined)('the whole shop in the chat page', { timeout: 90_000 }, () => {
  const stage = openChatStage(executablePath);
  let espresso: string;

  async function changeHold(holdSeconds: number): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${stage.shop.appUrl}/dev/hold`, { method: 'PUT', headers, body: JSON.stringify({ holdSeconds }) });
    expect(answer.status).toBe(200);
  }

  it('shows a discount struck through, takes it from the wallet, and says where to collect (A3)', async () => {
    const { page, tap, sees, say, shoot, message } = await stage.as(anna);
    await page.getByTestId('start').click();
    await sees('Welcome to Demo shop!');
    await shoot('en-1-welcome');
    await tap('Shop');
    await tap('Warsaw');
    await tap('Center');
    await tap('Espresso');
    const product = await sees('Roasted on Monday');
    expect(await textOf(product.locator('s'))).toBe('100.00 PLN');
    expect(await textOf(product)).toContain('80.00 PLN, -20%');
    await shoot('en-2-product');
    await tap('Buy now');
    const confirm = await sees('Please check your order');
    expect(await textOf(confirm.locator('s').first())).toBe('100.00 PLN');
    expect(await textOf(confirm)).toContain('In your wallet: 85.00 PLN');
    await shoot('en-3-confirm');
    await tap('Wallet');
    const goods = await sees('Ready to collect: Espresso beans, 1 kg');
    expect(await textOf(goods)).toContain('Ring the blue bell beside the door and show your code.');
    expect(await textOf(goods)).toMatch(/Show this code to the staff: \w+/);
    const photo = goods.locator('img');
    await expect.poll(() => photo.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(100);
    espresso = await stage.chat.reaches('delivered');
    const order = await sees('🎉 Delivered');
    expect(await textOf(order)).toContain(espresso);
    expect(await textOf(order)).toContain('100.00 PLN');
    expect(await textOf(order)).toContain('-20%');
    expect(await textOf(order)).toContain('Total: 80.00 PLN');
    await shoot('en-4-delivered');
    await say('/wallet');
    await sees('Balance: 5.00 PLN');
    await shoot('en-5-wallet');
    expect(await message('Please check your order').count(), 'the confirm screen became the order').toBe(0);
  });

  it('delivers what was paid with Stars while the workers were dead', async () => {
    const { page, tap, sees, say, shoot, reaches } = await stage.as(anna);
    await say('/shop');
    await tap('Keys and licences');
    await tap('Puzzle game key');
    await tap('Buy now');
    await tap('Stars');
    await sees('Waiting for your payment');
    await tap('Pay');
    await page.getByTestId('stars-sheet').waitFor();
    await shoot('en-6-stars-sheet');
    await page.getByTestId('kill-workers').click();
    await page.getByText('Dead. Back in').waitFor();
    await page.getByTestId('stars-pay').click();
    await sees('You paid 75 ⭐');
    await reaches('delivered');
    const goods = await sees('Your goods: Puzzle game key');
    await goods.getByRole('button', { name: 'Hidden text, tap to show' }).first().click();
    await expect.poll(() => textOf(goods)).toMatch(/PUZZLE-\d{6}-\d{6}/);
    await shoot('en-7-goods-after-kill');
  });

  it('speaks Polish on a phone, and sells by card on the pay page', async () => {
    const { page, tap, sees, say, shoot } = await stage.as(celina);
    await say('/shop');
    await sees('Sklep');
    await shoot('pl-1-shop-phone');
    await tap('Warsaw');
    await tap('Praga');
    await tap('Handmade mug');
    await sees('Odbiór');
    await shoot('pl-2-product-phone');
    await tap('Kup teraz');
    const confirm = await sees('Sprawdź zamówienie');
    expect(await textOf(confirm)).toMatch(/Razem: 45,00\sPLN/);
    await shoot('pl-3-confirm-phone');
    await tap('Karta');
    await sees('Czekamy na płatność');
    await shoot('pl-4-waiting-phone');
    const payPage = await follow(page, () => tap('Zapłać'));
    await shootPage(payPage, 'pl-5-pay-page');
    await payPage.getByTestId('pay').click();
    await payPage.getByTestId('paid').waitFor();
    await payPage.close();
    await sees('🎉 Dostarczone');
    const goods = await sees('Gotowe do odbioru: Handmade mug');
    expect(await textOf(goods)).toContain('Pokaż obsłudze ten kod');
    await shoot('pl-6-delivered-phone');
    await say('/language');
    await tap('English');
    await tap('Polski', await sees('I speak English with you now'));
    await sees('Teraz rozmawiam z Tobą po polsku');
  });

  it('brings a card from the shop to friends, who open it from there', async () => {
    const { page, tap, say, shoot } = await stage.as(anna);
    await say('vinyl');
    await tap('Vinyl: Nocne tramwaje');
    await tap('Share');
    await page.getByTestId('choice').filter({ hasText: 'Friends' }).click();
    await page
      .getByTestId('inline-result')
      .filter({ hasText: /Vinyl.*PLN/ })
      .waitFor();
    await page.keyboard.press('Enter');
    await stage.chat.sees('via @demo_tillflow_bot');
    await shoot('en-22-shared');
    const friend = await stage.as({ ...boris, chat: friendsChatId });
    await friend.tap('Open in the shop', await friend.sees('Vinyl: Nocne tramwaje'));
    await friend.page.getByTestId('button').filter({ hasText: 'Купить сейчас' }).waitFor();
    expect(await friend.page.getByTestId('chat-title').textContent()).toBe('Demo shop');
  });

  it('speaks Russian, with its plurals and its money', async () => {
    const { page, tap, sees, say, shoot } = await stage.as(boris);
    await say('/start');
    await sees('Добро пожаловать в Demo shop!');
    await shoot('ru-1-welcome');
    await say('/shop');
    await tap('Downloads');
    await sees('3 товара');
    await tap('Тихая река');
    await shoot('ru-2-product');
    await tap('Купить сейчас');
    const confirm = await sees('Проверьте заказ');
    expect(await textOf(confirm)).toMatch(/Итого: 19,00\sPLN/);
    expect(await textOf(confirm)).toContain('15 минут');
    await tap('Есть код');
    await say('WELCOM');
    await sees('Такого кода нет');
    await tap('Есть код');
    await say('welcome10');
    const cheaper = await sees('Код WELCOME10: −1,90');
    expect(await textOf(cheaper)).toMatch(/Итого: 17,10\sPLN/);
    await shoot('ru-3-confirm');
    await tap('Кошелёк');
    await sees('🎉 Доставлено');
    const goods = await sees('Книга «Тихая река»');
    await goods.getByRole('button', { name: 'Hidden text, tap to show' }).first().click();
    await page.getByText('Приятного чтения!').waitFor();
    await shoot('ru-4-delivered');
  });

  it('ends an order nobody pays, and puts its lines back into the basket', async () => {
    const { tap, sees, say, shoot, reaches } = await stage.as(anna);
    await changeHold(10);
    try {
      await say('/shop');
      await tap('Warsaw');
      await tap('Praga');
      await tap('Handmade mug');
      await tap('Add to basket');
      await say('/basket');
      await tap('Order · 45.00 PLN');
      await sees('We keep it for you for 10 seconds');
      await tap('Card');
      await sees('Waiting for your payment');
      await shoot('en-8-waiting');
    } finally {
      await changeHold(900);
    }
    await reaches('expired');
    const order = await sees('⌛ Not paid in time');
    expect(await textOf(order)).toContain('Nothing was charged');
    await shoot('en-9-expired');
    expect(await textOf(order)).toContain('back in your basket');
    await tap('Basket', order);
    await sees(/Your basket.*Handmade mug/s);
  });

  it('tops up in coins from a wallet in the browser, with a QR code, and sees each wait', async () => {
    const { page, tap, sees, say, shoot } = await stage.as(anna);
    await say('/refill 60');
    await tap('Crypto');
    await sees('In which coin?');
    await shoot('coins-1-choice');
    await tap('USDT · TRC20');
    const waiting = await sees('Send exactly');
    expect(await textOf(waiting)).toMatch(/USDT.*TRC20/s);
    await tap('QR code', waiting);
    await page.locator('[data-testid="message"] img').last().waitFor();
    await shoot('coins-2-address');
    const wallet = await page.context().newPage();
    await wallet.goto(`${stage.shop.sandboxUrl}/nowpayments/pay`);
    await wallet.getByRole('link').first().click();
    await wallet.getByTestId('amount').waitFor();
    const folder = process.env.TILLFLOW_SCREENSHOTS;
    if (folder) await wallet.screenshot({ path: `${folder}/coins-3-wallet.png` });
    await wallet.getByTestId('send-exact').click();
    await wallet.getByTestId('received').waitFor();
    await sees('Your payment was seen');
    await sees('Your payment is confirmed');
    await shoot('coins-4-confirmed');
    await sees('60.00 PLN has arrived in your wallet');
    await shoot('coins-5-credited');
    await wallet.close();
  });

  it('opens a fresh screen for a button of an older version', async () => {
    const { tap, sees } = await stage.as(anna);
    const keyboard = new InlineKeyboard().text('Buy it', '0:buy:7');
    await new Api(demoBotToken, { apiRoot: `${stage.shop.sandboxUrl}/telegram` }).sendMessage(anna.person, 'Last year’s screen', {
      reply_markup: keyboard,
    });
    await tap('Buy it', await sees('Last year’s screen'));
    const fresh = await sees('This button is from an older message');
    await tap('Shop', fresh);
    await sees('Collect in a city');
  });

  it('lets staff hand over and, with a second press, refund', async () => {
    const { page, tap, sees, shoot } = await stage.as(olga);
    await shoot('staff-1-chat');
    const order = await sees(`Order ${espresso}`);
    expect(await textOf(order)).toContain('Customer: #1');
    await tap('Handed over', order);
    await expect.poll(() => textOf(order)).toContain('handed over');
    await tap('Refund', order);
    await expect.poll(() => textOf(order)).toContain('Press again to confirm');
    await shoot('staff-2-sure');
    await tap('Yes, refund', order);
    await expect.poll(() => textOf(order), { timeout: 20_000 }).toContain('↩️ Refunded');
    expect(await textOf(order)).toContain('Refund of 80.00 PLN: done');
    expect(await textOf(order), 'nothing older stands above it').not.toContain('on its way');
    await shoot('staff-3-refunded');
    await page.getByTestId('person').filter({ hasText: 'Anna' }).click();
    await sees(`80.00 PLN for order ${espresso} went back to where it came from.`);
    await stage.chat.say('/wallet');
    // Her 85.00 again, and the 60.00 that came in coins.
    await sees('Balance: 145.00 PLN');
    await shoot('en-10-refunded');
  });

  it('goes on with a paid and a waiting order when everything is killed and started again (A8)', async () => {
    const waiting = await openChatPage(stage.browser, stage.shop.sandboxUrl, boris);
    await waiting.say('/shop');
    await waiting.tap('Kraków');
    await waiting.tap('Kazimierz');
    await waiting.tap('Vinyl');
    await waiting.tap('Купить сейчас');
    await waiting.tap('Карта');
    await waiting.sees('Ждём вашу оплату');
    const { page, tap, sees, say, shoot, reaches } = await stage.as(anna);
    await say('/shop');
    await tap('Downloads');
    await tap('Northern lights');
    await tap('Buy now');
    await tap('Stars');
    await tap('Pay');
    await page.getByTestId('kill-workers').click();
    await page.getByText('Dead. Back in').waitFor();
    await page.getByTestId('stars-pay').click();
    await sees('You paid 50 ⭐');
    await stage.shop.kill();
    await page.getByTestId('connection').waitFor();
    await shoot('en-11-shop-dead');
    await stage.shop.start();
    await page.getByTestId('connection').waitFor({ state: 'detached' });
    await sees('Your goods: Northern lights wallpapers');
    await reaches('delivered');
    await shoot('en-12-after-restart');
    await waiting.page.getByTestId('connection').waitFor({ state: 'detached' });
    const payPage = await follow(waiting.page, () => waiting.tap('Оплатить'));
    await payPage.getByTestId('pay').click();
    await payPage.getByTestId('paid').waitFor();
    await waiting.sees('Готово к выдаче: Vinyl');
    await waiting.reaches('delivered');
    await waiting.shoot('ru-5-after-restart');
    await waiting.close();
  });

  it('tops the wallet up by card, in one message that says when the money is there', async () => {
    const { page, tap, sees, say, shoot, reaches } = await stage.as(anna);
    await say('/wallet');
    await tap('Top up');
    await sees('Choose an amount');
    await shoot('en-13-refill');
    await tap(/^50.00 PLN$/);
    await tap('Card');
    await sees('Waiting for your payment');
    await reaches('waiting');
    await shoot('en-14-deposit-waiting');
    const payPage = await follow(page, () => tap('Pay 50.00 PLN'));
    await shootPage(payPage, 'en-15-deposit-pay-page');
    await payPage.getByTestId('pay').click();
    await payPage.getByTestId('paid').waitFor();
    await payPage.close();
    await sees('50.00 PLN has arrived in your wallet');
    await sees('50.00 PLN is in your wallet now');
    await reaches('credited');
    await shoot('en-16-deposit-credited');
    await say('/wallet');
    await sees('Top-up');
    await shoot('en-17-wallet');
  });

  it('tops the wallet up in Stars, which it keeps for digital goods', async () => {
    const { page, tap, sees, say, shoot, reaches } = await stage.as(anna);
    await say('/refill 30');
    await sees('What you pay in Stars buys digital goods only');
    await shoot('en-18-refill-methods');
    await tap('Stars · 1,500 ⭐');
    await sees('Pay 1,500 ⭐ with the button below');
    await shoot('en-19-refill-stars');
    await tap('Pay 1,500 ⭐');
    await page.getByTestId('stars-sheet').waitFor();
    await page.getByTestId('stars-pay').click();
    await sees('30.00 PLN has arrived in your wallet');
    await sees('30.00 PLN is in your wallet now');
    await reaches('credited');
    await shoot('en-20-refill-stars-credited');
    await say('/wallet');
    await sees('From Stars, for digital goods: 30.00 PLN');
    await shoot('en-21-wallet-stars');
    await say('/shop');
    await tap('Downloads', await sees('Collect in a city'));
    await tap('Тихая река');
    await tap('Buy now');
    await tap('Wallet');
    await sees('Your goods: Книга');
    await say('/wallet');
    await sees('From Stars, for digital goods: 11.00 PLN');
  });

  it('leaves nothing the checker finds', async () => {
    const { findings, ok, counts } = await stage.shop.check();
    expect(findings).toEqual([]);
    expect(ok).toBe(true);
    expect(counts.orders).toBe(8);
  });

  /** Presses what opens a page of its own. */
  async function follow(page: Page, press: () => Promise<void>): Promise<Page> {
    const [opened] = await Promise.all([page.context().waitForEvent('page'), press()]);
    await opened.waitForLoadState();
    return opened;
  }

  async function shootPage(page: Page, name: string): Promise<void> {
    if (process.env.TILLFLOW_SCREENSHOTS) await page.screenshot({ path: `${process.env.TILLFLOW_SCREENSHOTS}/${name}.png` });
  }
});
